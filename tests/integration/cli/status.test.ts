import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../../support/fake-upstream/step.ts';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;
let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeEach(async () => {
  place = createCliPlace();
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url);
  middleware.setModels({ models: ['gpt-5', 'gpt-4'] });
});

afterEach(async () => {
  await middleware.close();
  await upstream.close();
  place.remove();
});

const ask = (...args: readonly string[]) => place.run(['status', '--url', middleware.url, ...args]);

async function call(model: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const answer = await fetch(`${middleware.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
  });
  await answer.arrayBuffer();
  return answer;
}

describe('codex-plus status', () => {
  test('of a middleware that asks for a key has the names of models with one alone [OPS-4] [SEC-6]', async () => {
    const key = 'key-0123456789abcdef';
    const asking = await composeMiddleware(upstream.url, { CODEX_PLUS_API_KEYS: key });
    asking.setModels({ models: ['gpt-5'] });
    try {
      const told = async (env: Readonly<Record<string, string>>): Promise<string> =>
        (await place.run(['status', '--url', asking.url], { env: { ...place.env, ...env } })).stdout;
      expect(await told({})).toContain('models      told to callers with a key (CODEX_PLUS_KEY)');
      expect(await told({ CODEX_PLUS_KEY: key })).toContain('models      gpt-5');
    } finally {
      await asking.close();
    }
  });

  test('tells the state of every part in words [OPS-4]', async () => {
    const { exitCode, stdout, stderr } = await ask();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^codex-plus {2}ok, version \S+, pid \d+, up \d+ s$/),
      `address     ${middleware.url}`,
      'litellm     ready; breaker closed',
      'models      gpt-5, gpt-4',
      expect.stringMatching(/^chatgpt {5}on, transport \w+$/),
      'fallback    openai (no key), anthropic (no key)',
      'clients     none seen yet',
      '',
    ]);
  });

  test('names a model whose provider fails while LiteLLM runs, until a call works [OPS-4]', async () => {
    upstream.use(() => status(500, { error: { message: 'provider down' } }));
    await call('gpt-5');
    await call('gpt-5');
    await call('gpt-4');
    const failing = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('failing'));
    expect(failing((await ask()).stdout)).toEqual([
      expect.stringMatching(
        /gpt-4: 1 call failed since the last that worked, the last at \S+Z with status 500$/,
      ),
      expect.stringMatching(
        /gpt-5: 2 calls failed since the last that worked, the last at \S+Z with status 500$/,
      ),
    ]);
    const { json } = await ask('--json');
    expect(json()).toMatchObject({
      failing: [
        { model: 'gpt-4', failures: 1 },
        { model: 'gpt-5', failures: 2, status: 500 },
      ],
    });
    upstream.use(() => says('It works.'));
    await call('gpt-5');
    upstream.use(() => status(404, {}));
    // What the request is at fault for says nothing of the provider.
    await call('gpt-5');
    expect(failing((await ask()).stdout)).toEqual([expect.stringContaining('gpt-4: 1 call')]);
  });

  test("a provider's 500 is a 502 for Codex only, which hides the words of a 500 [PX-4]", async () => {
    upstream.use(() => status(500, { error: { message: 'provider down' } }));
    expect((await call('gpt-5')).status).toBe(500);
    expect(
      (await call('gpt-5', { originator: 'codex_exec', 'user-agent': 'codex_exec/0.171.0' })).status,
    ).toBe(502);
  });
});
