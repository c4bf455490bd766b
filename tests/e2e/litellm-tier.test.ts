import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { composeMiddleware, masterKey, rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says, streams } from '../support/fake-upstream/step.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { until } from '../support/until.ts';

const twoMinutes = 120_000;

let upstream: FakeUpstream;
let usualConfig: string;
let middleware: RunningMiddleware | undefined;

async function start(litellmConfig = usualConfig, litellmPort?: number): Promise<RunningMiddleware> {
  middleware = await startMiddleware({
    upstreamUrl: upstream.url,
    litellmPort: litellmPort ?? (await sparePort()),
    litellmConfig,
  });
  return middleware;
}

function ask(
  { url }: Pick<RunningMiddleware, 'url'>,
  body: Readonly<Record<string, unknown>>,
): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], ...body }),
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

beforeAll(async () => {
  upstream = await startFakeUpstream();
  usualConfig = await readFile(join(rootDir, 'config', 'litellm_config.yaml'), 'utf8');
});

afterAll(async () => {
  await upstream.close();
});

afterEach(async () => {
  upstream.forget();
  upstream.use(() => says('hello'));
  await middleware?.stop();
  middleware = undefined;
}, twoMinutes);

describe('the managed LiteLLM', () => {
  test(
    '[RT-1] [RT-3] the middleware answers at once; models that only LiteLLM has are told to wait',
    async () => {
      // One that is called at an address of its own is nobody's but LiteLLM's.
      const own =
        '  - model_name: only-litellm-has-it\n' +
        `    litellm_params: { model: openai/m, api_base: '${upstream.url}/v1', api_key: sk-made-up }\n`;
      const running = await start(usualConfig.replace('model_list:\n', `model_list:\n${own}`));
      const waiting = await ask(running, { model: 'only-litellm-has-it' });
      expect(waiting.status).toBe(503);
      expect(waiting.headers.get('retry-after')).toBe('5');
      expect(await waiting.text()).toMatch(/LiteLLM is (?:starting|being installed)/);
      const direct = await ask(running, { model: 'gpt-5' });
      expect(direct.status).toBe(200);
      expect(upstream.requests.map(({ rawHeaders }) => rawHeaders.join(' '))).toEqual([
        expect.stringContaining('sk-openai-made-up'),
      ]);

      await running.untilLitellmIs('ready');
      expect((await running.health()).litellm.models).toEqual([
        'only-litellm-has-it',
        'gpt-4',
        'claude-3-5-sonnet',
        'gpt-5',
        'gpt5-high',
        'gpt-high',
        'claude-sonnet-5',
      ]);
    },
    twoMinutes,
  );

  test(
    '[RT-1] log and health tell the configured address, and it answers',
    async () => {
      const running = await start();
      await running.untilLitellmIs('ready');
      const url = `http://127.0.0.1:${running.litellmPort}`;
      expect((await running.health()).litellm.url).toBe(url);
      const line = running.lines.find(({ message }) => message === `LiteLLM is ready at ${url}`);
      expect(line?.['processUrl']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(line?.['processUrl']).not.toBe(url);
      expect((await fetch(`${url}/health/liveliness`)).status).toBe(200);
    },
    twoMinutes,
  );

  test(
    '[RT-1] an edited configuration is taken over without losing a request',
    async () => {
      const running = await start();
      await running.untilLitellmIs('ready');
      const before = running.litellmPid();

      // A stream that lasts longer than the change, and requests all through it.
      const frame = (text: string): string =>
        `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-5","choices":[{"index":0,"delta":{"content":"${text}"},"finish_reason":null}]}\n\n`;
      const frames = Array.from({ length: 40 }, (_, index) => frame(`${index},`));
      upstream.use(({ json }) =>
        json?.['stream'] === true
          ? streams([...frames, 'data: [DONE]\n\n'], { pauseMs: 400 })
          : says('hello'),
      );
      const long = ask(running, { model: 'gpt-5', stream: true }).then((answer) => answer.text());
      await until(() => upstream.requests.length === 1);

      const added =
        '  - model_name: added\n    litellm_params: { model: openai/gpt-4o, api_key: sk-made-up }\n';
      await writeFile(
        running.litellmConfigFile,
        usualConfig.replace('model_list:\n', `model_list:\n${added}`),
      );
      const statuses: number[] = [];
      while (!(await running.health()).litellm.models.includes('added')) {
        statuses.push((await ask(running, { model: 'gpt-5' })).status);
      }
      expect(statuses.length).toBeGreaterThan(10);
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect((await ask(running, { model: 'added' })).status).toBe(200);
      expect(running.litellmPid()).not.toBe(before);

      const told = await long;
      for (const index of frames.keys()) expect(told).toContain(`"${index},"`);
      expect(told).toContain('[DONE]');
      await until(() => !isAlive(before), 30_000);
    },
    twoMinutes,
  );

  test(
    '[RT-1] an edit that is no good is told with its line, and the LiteLLM before it stays',
    async () => {
      const running = await start();
      await running.untilLitellmIs('ready');
      const before = running.litellmPid();
      await writeFile(running.litellmConfigFile, `${usualConfig}\nmodel_list: [oops\n`);
      await until(async () => (await running.health()).litellm.reason !== undefined);
      const { state, reason } = (await running.health()).litellm;
      expect(state).toBe('ready');
      expect(reason).toMatch(/litellm_config\.yaml, line \d+/);
      expect(running.litellmPid()).toBe(before);
      expect((await ask(running, { model: 'gpt-5' })).status).toBe(200);
    },
    twoMinutes,
  );

  test(
    '[RT-1] a LiteLLM that was killed is started again',
    async () => {
      const running = await start();
      await running.untilLitellmIs('ready');
      const killed = running.litellmPid();
      process.kill(killed, 'SIGKILL');
      await until(() => running.litellmPid() !== killed, 60_000);
      await running.untilLitellmIs('ready');
      expect((await ask(running, { model: 'gpt-4' })).status).toBe(200);
    },
    twoMinutes,
  );

  test(
    '[RT-1] no LiteLLM is left behind by a middleware that was killed',
    async () => {
      const running = await start();
      await running.untilLitellmIs('ready');
      const pid = running.litellmPid();
      running.child.kill('SIGKILL');
      await until(() => !isAlive(pid), 30_000);
    },
    twoMinutes,
  );

  test(
    '[RT-1] what LiteLLM says where it has no key of a provider is told as that, and not as a failure to repeat',
    async () => {
      const entry = (name: string, model: string): string =>
        `  - model_name: ${name}\n    litellm_params: { model: ${model} }\n`;
      middleware = await startMiddleware({
        upstreamUrl: upstream.url,
        litellmPort: await sparePort(),
        litellmConfig: `model_list:\n${entry('open', 'openai/gpt-5')}${entry('claude', 'anthropic/claude-sonnet-4-5')}${entry('gem', 'gemini/gemini-2.5-pro')}`,
        env: {
          ...{ OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '', GEMINI_API_KEY: '', GOOGLE_API_KEY: '' },
          LITELLM_MASTER_KEY: masterKey,
        },
      });
      await middleware.untilLitellmIs('ready');
      // A second middleware, for which that LiteLLM is somebody else's: it does not know its environment.
      const other = await composeMiddleware(`http://127.0.0.1:${middleware.litellmPort}`);
      try {
        for (const model of ['open', 'claude', 'gem']) {
          const answer = await ask(other, { model, stream: true });
          expect([model, answer.status, answer.headers.get('x-should-retry')]).toEqual([model, 400, 'false']);
          expect(await answer.text()).toContain('LiteLLM has no key of its provider');
        }
      } finally {
        await other.close();
      }
    },
    twoMinutes,
  );

  test('[RT-1] a taken port is told with what to do', async () => {
    const other = createServer((_req, res) => res.end('not LiteLLM')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const running = await start(usualConfig, port);
    await running.untilLitellmIs('backing-off');
    const { reason } = (await running.health()).litellm;
    expect(reason).toBe(
      `port ${port} is in use by another program: stop that program, or choose another port with litellm.url`,
    );
    other.close();
  });

  test('[RT-1] a configuration with a fault is not started, and the fault is told in one line', async () => {
    const running = await start('model_list:\n  - model_nam: gpt-5\n');
    await running.untilLitellmIs('unavailable');
    const { reason } = (await running.health()).litellm;
    expect(reason).toContain('litellm_config.yaml, line 2');
    expect(reason).not.toContain('\n');
  });

  test(
    '[OPS-2] SIGTERM lets a running stream finish, then ends both tiers',
    async () => {
      const running = await start();
      await running.untilLitellmIs('ready');
      const pid = running.litellmPid();
      const chunk = (text: string): string =>
        `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-5","choices":[{"index":0,"delta":{"content":"${text}"},"finish_reason":null}]}\n\n`;
      upstream.use(() => streams([chunk('one'), chunk('two'), 'data: [DONE]\n\n'], { pauseMs: 700 }));
      const answer = await ask(running, { model: 'gpt-5', stream: true });
      const stopped = running.stop();
      const told = await answer.text();
      expect(told).toContain('"two"');
      expect(told).toContain('[DONE]');
      expect(await stopped).toBe(0);
      expect(isAlive(pid)).toBe(false);
      middleware = undefined;
    },
    twoMinutes,
  );
});
