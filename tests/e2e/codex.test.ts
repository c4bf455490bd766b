import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { calls, says } from '../support/fake-upstream/step.ts';
import { madeUpJwt } from '../support/made-up-jwt.ts';
import { headerOf } from '../support/raw-client.ts';
import { makeCodexHome, pointedAt } from '../support/run-codex.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { twoTurnTask } from '../support/two-turn-task.ts';
import { until } from '../support/until.ts';

const twoMinutes = 120_000;

describe('the real Codex CLI through the real LiteLLM', () => {
  let upstream: FakeUpstream;
  let middleware: RunningMiddleware;

  beforeAll(async () => {
    upstream = await startFakeUpstream(twoTurnTask);
    middleware = await startMiddleware({
      upstreamUrl: upstream.url,
      litellmPort: await sparePort(),
      litellmConfig: await readFile(join(rootDir, 'config', 'litellm_config.yaml'), 'utf8'),
    });
    await middleware.untilLitellmIs('ready');
  }, twoMinutes);

  afterAll(async () => {
    expect(await middleware.stop()).toBe(0);
    await upstream.close();
  }, twoMinutes);

  beforeEach(() => {
    upstream.forget();
    upstream.use(twoTurnTask);
  });

  test.each([
    ['gpt-5', '/v1/responses', 'gpt-5'],
    ['gpt5-high', '/v1/responses', 'gpt-5'],
    ['claude-3-5-sonnet', '/v1/messages', 'claude-sonnet-5'],
  ])(
    '[PX-1] [RT-1] a task of two turns with a tool call on %s ends well',
    async (model, path, providersModel) => {
      const codex = await makeCodexHome();
      const run = await codex.exec([...pointedAt(middleware.url), '--model', model, 'Run the tool.']);

      expect(run.errors).toEqual([]);
      expect(run.commands).toMatchObject([{ aggregated_output: 'TOOL_OK\n', exit_code: 0 }]);
      expect(run.messages.at(-1)).toBe('The tool printed TOOL_OK.');
      expect(run.exitCode).toBe(0);
      const turns = upstream.requests.filter(({ raw }) => !raw.includes('task title'));
      expect(turns.map(({ url }) => url)).toEqual([path, path]);
      expect(turns.map(({ json }) => json?.['model'])).toEqual([providersModel, providersModel]);
      expect(upstream.violations).toEqual([]);
      await codex.remove();
    },
    twoMinutes,
  );

  test(
    '[RT-2] with a ChatGPT login it goes straight to the ChatGPT backend, its token in no log line',
    async () => {
      const token = madeUpJwt();
      const auth = {
        auth_mode: 'chatgpt',
        tokens: {
          id_token: token,
          access_token: token,
          refresh_token: 'made-up-refresh',
          account_id: 'acc-1',
        },
        last_refresh: new Date().toISOString(),
      };
      const codex = await makeCodexHome({ 'auth.json': JSON.stringify(auth) });
      const run = await codex.exec([
        ...['-c', `openai_base_url="${middleware.url}/v1"`],
        ...['--model', 'gpt-5', 'Run the tool.'],
      ]);

      expect(run.commands).toMatchObject([{ aggregated_output: 'TOOL_OK\n', exit_code: 0 }]);
      expect(run.messages.at(-1)).toBe('The tool printed TOOL_OK.');
      const turns = upstream.requests.filter(({ url }) => url.startsWith('/backend-api/codex/responses'));
      expect(turns).toHaveLength(2);
      for (const { rawHeaders } of turns) {
        expect(headerOf(rawHeaders, 'authorization')).toBe(`Bearer ${token}`);
        expect(headerOf(rawHeaders, 'chatgpt-account-id')).toBe('acc-1');
        expect(headerOf(rawHeaders, 'content-encoding')).toBe('zstd');
      }
      expect(JSON.stringify(middleware.lines)).not.toContain(token.slice(0, 40));
      await codex.remove();
    },
    twoMinutes,
  );

  test(
    '[RT-3] a session outlives the death of LiteLLM, and goes through it again afterwards',
    async () => {
      const codex = await makeCodexHome();
      const turn = (prompt: string, resume: readonly string[] = []): ReturnType<typeof codex.exec> =>
        codex.exec([...pointedAt(middleware.url), '--model', 'gpt-5', ...resume, prompt]);
      upstream.use(() => says('one'));
      const first = await turn('First.');
      expect(first.messages).toEqual(['one']);

      // Dies while the model answers: the tool's output finds no LiteLLM.
      const killed = middleware.litellmPid();
      upstream.forget();
      upstream.use((_seen, index) => {
        if (index > 0) return says('two');
        process.kill(killed, 'SIGKILL');
        return calls('exec_command', { cmd: 'echo TOOL_OK' });
      });
      const second = await turn('Second.', ['resume', first.threadId]);
      expect(second.messages.at(-1)).toBe('two');
      expect(second.exitCode).toBe(0);
      expect(upstream.requests.some(({ rawHeaders }) => userAgent(rawHeaders).includes('codex'))).toBe(true);

      await until(() => middleware.litellmPid() !== killed, 60_000);
      await middleware.untilLitellmIs('ready');
      upstream.forget();
      upstream.use(() => says('three'));
      const third = await turn('Third.', ['resume', first.threadId]);
      expect(third.messages).toEqual(['three']);
      expect(userAgent(upstream.requests.at(-1)?.rawHeaders ?? [])).toMatch(/litellm/i);
      await codex.remove();
    },
    twoMinutes,
  );
});

function userAgent(rawHeaders: readonly string[]): string {
  return headerOf(rawHeaders, 'user-agent') ?? '';
}
