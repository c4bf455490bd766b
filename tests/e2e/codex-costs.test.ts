import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeStateDir, startCodexAsModel, type CodexAsModel } from '../support/codex-as-model.ts';
import { calls, says, streams, type Step } from '../support/fake-upstream/step.ts';
import { until } from '../support/until.ts';

const stateDir = makeStateDir('codex-costs');
let codex: CodexAsModel;

beforeAll(async () => {
  codex = await startCodexAsModel(stateDir, { env: { CODEX_PLUS_USAGE_ENABLED: 'true' } });
});

afterAll(() => codex.close());

const hello = [{ role: 'user' as const, content: 'Say hello.' }];

async function told(path: string): Promise<string> {
  return await (await fetch(`${codex.middleware.url}${path}`)).text();
}

test.each([false, true])(
  'an answer of Codex costs what its calls of models cost together; streamed: %s [API-2]',
  async (stream) => {
    const costing = (step: Step): Step =>
      ({ ...step, headers: { 'x-litellm-response-cost': '0.25' } }) as Step;
    const { upstream, client } = codex;
    const steps = [calls('exec_command', { cmd: 'true' }), says('Done.')].map(costing);
    const before = upstream.requests.length;
    upstream.use((_, index) => steps[index - before] ?? says('too many'));
    const costs = async (): Promise<number> => {
      const { data } = JSON.parse(await told('/v1/usage?by=model')) as { data: { cost_usd: number }[] };
      return data[0]?.cost_usd ?? 0;
    };
    const costsBefore = await costs();
    const asked = { model: 'codex-5', messages: hello };
    if (stream) {
      const chunks = await client.chat.completions.create({ ...asked, stream });
      for await (const chunk of chunks) expect(chunk.model).toBe('codex-5');
    } else {
      const { usage } = await client.chat.completions.create(asked);
      expect(usage).toMatchObject({ cost: 0.5 });
    }
    expect((await costs()) - costsBefore).toBe(0.5);
    expect(await told('/metrics')).toMatch(/cost_usd_total\{model="codex-5",provider="codex"\} (?:0\.5|1)$/m);
  },
);

test('what Codex used before its client left counts, and it tells nothing of the call that was broken off [API-2]', async () => {
  const { upstream, client, middleware } = codex;
  const before = upstream.requests.length;
  upstream.use((_, index) =>
    index === before
      ? calls('exec_command', { cmd: 'true' })
      : streams([': still thinking\n\n'], { then: 'silence' }),
  );
  const tokens = async (): Promise<number> => {
    const { total } = JSON.parse(await told('/v1/usage')) as { total: { input_tokens: number } };
    return total.input_tokens;
  };
  const tokensBefore = await tokens();
  const left = new AbortController();
  const asked = client.chat.completions.create(
    { model: 'codex-5', messages: hello, stream: true },
    { signal: left.signal },
  );
  await until(() => upstream.requests.length === before + 2);
  left.abort();
  await expect(asked).rejects.toThrow('aborted');
  await until(() => middleware.lines.some(({ ending }) => ending === 'client-left'));
  expect((await tokens()) - tokensBefore).toBe(100);
});
