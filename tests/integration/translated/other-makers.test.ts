import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import type { Item } from '../../support/fake-upstream/step.ts';
import { callRaw, type RawAnswer } from '../../support/raw-client.ts';
import { RecordedCodex } from '../../support/recorded-codex.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { startStrictProviders, type StrictProviders } from '../../support/strict/strict-providers.ts';

/** Two servers of Anthropic's API: each refuses what the other signed. */
let makers: readonly StrictProviders[];
let middleware: ComposedMiddleware;
let folder: string;

beforeAll(async () => {
  makers = [await startStrictProviders('_a'), await startStrictProviders('_b')];
  folder = await makeTestFolder('other-makers');
  const file = join(folder, 'codex_plus.json');
  const providers = makers.map(({ url }, index) => written(index, url));
  await writeFile(file, JSON.stringify({ providers }));
  middleware = await composeMiddleware(undefined, { CODEX_PLUS_CONFIG: file, A_KEY: 'sk-real' });
});

function written(index: number, url: string): object {
  return {
    ...{ name: `mine-${index}`, baseUrl: `${url}/v1`, apiKeyEnv: 'A_KEY', auth: 'x-api-key' },
    ...{ apis: ['messages'], models: { [`model-${index}`]: 'claude-sonnet-5', budget: 'claude-sonnet-4-5' } },
  };
}

afterAll(async () => {
  await middleware.close();
  await Promise.all(makers.map((maker) => maker.close()));
  await rm(folder, { recursive: true, force: true });
});

afterEach(() => {
  for (const maker of makers) maker.forget();
});

const thinks: Item = { kind: 'reasoning', text: 'A look first.', seal: 'seal' };
const runs: Item = { kind: 'call', name: 'exec_command', arguments: { cmd: 'ls' }, callId: 'call_1' };
const done: Item = { kind: 'text', text: 'Done.' };

async function turnAt(session: RecordedCodex, index: number): Promise<void> {
  makers[index]?.willAnswer([thinks, runs]);
  session.change(`model-${index}`);
  await session.turn('go', () => 'ok');
}

describe.each([true, false])('[RT-3] [RT-4] at two providers of one API (streamed: %s)', (stream) => {
  test('a session has at each what that thought alone', async () => {
    const session = new RecordedCodex({ baseUrl: `${middleware.url}/v1`, model: 'model-0', stream });
    for (const index of [0, 1, 0, 1]) await turnAt(session, index);
    // They tell of what they did not sign, and of what they signed and that did not come back.
    expect(makers.flatMap(({ faults }) => faults)).toEqual([]);
    for (const { calls } of makers) {
      expect(calls).toHaveLength(4);
      expect(calls.at(-1)?.raw.split('"signature"')).toHaveLength(3);
    }
  });
});

test('[RT-3] [RT-4] thoughts of a provider at an address of its own outlive LiteLLM, and go to no other', async () => {
  const [own, other] = await Promise.all([startFakeUpstream(), startFakeUpstream()]);
  // LiteLLM and the provider at one address: LiteLLM passes on what it gets in the provider's API.
  const entry = (name: string, { url }: FakeUpstream): object => ({
    ...deployment(name, 'anthropic'),
    litellm_params: { model: 'anthropic/claude-sonnet-5', api_base: url },
  });
  own.deploys([entry('model-0', own), entry('model-1', other)]);
  for (const upstream of [own, other])
    upstream.use((_seen, index) => ({ kind: 'answer', items: index === 0 ? [thinks, runs] : [done] }));
  const file = join(folder, 'moved.json');
  const providers = [own, other].map(({ url }, index) => written(index, url));
  await writeFile(file, JSON.stringify({ providers }));
  const moved = await composeMiddleware(own.url, { CODEX_PLUS_CONFIG: file, A_KEY: 'sk-real' });
  const session = new RecordedCodex({ baseUrl: `${moved.url}/v1`, model: 'model-0', stream: true });
  await session.turn('go', () => 'ok');
  moved.setLitellm(undefined);
  await session.turn('on', () => 'ok');
  session.change('model-1');
  await session.turn('on', () => 'ok');
  expect(own.requests.map(({ raw }) => raw.includes('"signature":"seal"'))).toEqual([false, true, true]);
  expect(other.requests.map(({ raw }) => raw.includes('"signature":"seal"'))).toEqual([false, true]);
  expect(other.requests[0]?.raw.includes('"signature"')).toBe(false);
  await moved.close();
  await Promise.all([own.close(), other.close()]);
});

describe('[RT-3] what another model of the session signed, in a conversation of Claude Code', () => {
  const foreign = { type: 'thinking', thinking: 'Hm.', signature: 'b1946ac92492d2347c6235b4d2611184' };
  const call = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} };
  const tools = [{ name: 'Bash', input_schema: { type: 'object' } }];
  const user = { role: 'user', content: [{ type: 'text', text: 'go' }] };
  const ran = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' }] };
  const turn = { role: 'assistant', content: [foreign, call] };
  const budget = { type: 'enabled', budget_tokens: 2_000 };
  const ask = (messages: readonly object[], members: object): Promise<RawAnswer> => {
    const body = JSON.stringify({ model: 'model-0', max_tokens: 9_000, tools, ...members, messages });
    return callRaw(middleware.port, { path: '/v1/messages', body });
  };

  test('is left out once its provider says that it did not sign it, in the midst of a tool loop too', async () => {
    const thinking = { type: 'adaptive' };
    const answer = await ask([user, turn, ran], { thinking });
    const [first, second, third] = makers[0]?.calls ?? [];
    expect([answer.status, third]).toEqual([200, undefined]);
    expect(first?.body['messages']).toEqual([user, turn, ran]);
    expect(second?.body['messages']).toEqual([user, { ...turn, content: [call] }, ran]);
    expect(second?.body['thinking']).toEqual(thinking);
  });

  test.each([
    [[user, turn, ran], undefined],
    [[user, turn, ran, { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] }, user], budget],
  ])(
    'is left out with the budget to think with where a loop would begin without a thought',
    async (said, thinking) => {
      const answer = await ask(said, { thinking: budget, model: 'budget' });
      const { calls } = makers[0] ?? { calls: [] };
      expect([answer.status, calls.length, calls[1]?.body['thinking']]).toEqual([200, 2, thinking]);
    },
  );

  test.each([budget, { type: 'adaptive' }])(
    'which a loop did not begin with is not asked for in it, once its provider says so: %j',
    async (thinking) => {
      const unthought = [user, { role: 'assistant', content: [call] }, ran];
      const answer = await ask(unthought, { thinking, model: 'budget' });
      const { calls } = makers[0] ?? { calls: [] };
      expect([answer.status, calls.at(-1)?.body['thinking']]).toEqual([200, undefined]);
      expect(calls.at(-1)?.body['messages']).toEqual(unthought);
    },
  );

  test('is kept where something else is refused', async () => {
    const answer = await ask([user, turn, ran], { max_tokens: 0, unknown: true });
    expect([answer.status, makers[0]?.calls.length]).toEqual([400, 1]);
  });
});
