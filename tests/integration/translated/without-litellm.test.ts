import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectAt, objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { callRaw } from '../../support/raw-client.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { callClients } from '../../support/call-clients.ts';
import type { Item } from '../../support/fake-upstream/step.ts';
import { RecordedCodex } from '../../support/recorded-codex.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { startStrictProviders, type StrictProviders } from '../../support/strict/strict-providers.ts';

let providers: StrictProviders;
let middleware: ComposedMiddleware;
let folder: string;

beforeAll(async () => {
  providers = await startStrictProviders();
  folder = await makeTestFolder('without-litellm');
  middleware = await composed([anthropic(), deepseek(), groq()]);
});

async function composed(list: readonly object[], more: object = {}): Promise<ComposedMiddleware> {
  const file = join(folder, 'codex_plus.json');
  await writeFile(file, JSON.stringify({ providers: list, ...more }));
  return composeMiddleware(undefined, { CODEX_PLUS_CONFIG: file, A_KEY: 'sk-real' });
}

function anthropic(models: object = { claude: 'claude-sonnet-5', budget: 'claude-sonnet-4-5' }): object {
  const baseUrl = `${providers.url}/v1`;
  const speaks = { auth: 'x-api-key', apis: ['messages'] };
  return { name: 'anthropic', baseUrl, apiKeyEnv: 'A_KEY', ...speaks, models };
}

function deepseek(): object {
  const baseUrl = `${providers.url}/deepseek`;
  const models = { deepseek: 'reasoner' };
  return { name: 'deepseek', baseUrl, apiKeyEnv: 'A_KEY', apis: ['chat'], models };
}

function groq(models: object = { plain: 'gpt-oss' }): object {
  return { name: 'groq', baseUrl: `${providers.url}/v1`, apiKeyEnv: 'A_KEY', apis: ['chat'], models };
}

afterAll(async () => {
  await middleware.close();
  await providers.close();
  await rm(folder, { recursive: true, force: true });
});

afterEach(() => {
  expect(providers.faults).toEqual([]);
  providers.forget();
});

const thinks = (text: string): Item => ({ kind: 'reasoning', text, seal: '' });
const says = (text: string): Item => ({ kind: 'text', text });
const runs = (cmd: string): Item => ({ kind: 'call', name: 'exec_command', arguments: { cmd }, callId: '' });
const patch = '*** Begin Patch\n*** Add File: odd.txt\n+before\u2028after "q" \\n\n*** End Patch';
const patches: Item = { kind: 'custom', name: 'apply_patch', input: patch, callId: '' };

function codex(model: string, stream: boolean, form?: 'classic' | 'lite'): RecordedCodex {
  return new RecordedCodex({ baseUrl: `${middleware.url}/v1`, model, stream, ...(form && { form }) });
}

/** Two turns, the first of three requests, with thoughts before calls. */
async function twoTurns(session: RecordedCodex): Promise<readonly JsonObject[]> {
  providers.willAnswer(
    [thinks('First a look.'), says('I look.'), runs('echo ONE')],
    [thinks('Now the edit.'), patches],
    [says('Done.')],
    [thinks('Again.'), runs('echo TWO'), runs('echo THREE')],
    [says('All done.')],
  );
  const first = await session.turn('edit it', () => 'ok');
  const second = await session.turn('and again', () => 'ok');
  return [...first, ...second].flatMap(({ output }) => output);
}

describe.each([true, false])('[RT-3] [RT-4] without LiteLLM, Codex (streamed: %s)', (stream) => {
  test.each([
    ['claude', 'claude', 'claude-sonnet-5'],
    ['budget', 'claude', 'claude-sonnet-4-5'],
    ['deepseek', 'deepseek', 'reasoner'],
    ['plain', 'chat', 'gpt-oss'],
  ])('goes on over turns with calls and thoughts at the provider of %s', async (model, provider, own) => {
    const items = await twoTurns(codex(model, stream));
    const called = providers.calls.map((call) => [call.provider, call.model]);
    expect(called).toEqual(Array.from({ length: 5 }, () => [provider, own]));
    const calls = items.filter(({ type }) => String(type).endsWith('_call'));
    expect(calls.map(({ type, name }) => [type, name])).toEqual([
      ['function_call', 'exec_command'],
      ['custom_tool_call', 'apply_patch'],
      ['function_call', 'exec_command'],
      ['function_call', 'exec_command'],
    ]);
    expect(calls[1]?.['input']).toBe(patch);
    // The strict providers tell of every thought that does not come back to them, and of every member that they do not know.
    expect(items.some(({ type }) => type === 'reasoning')).toBe(provider !== 'chat');
  });

  test('goes on with another model, which gets none of the thoughts of the one before', async () => {
    const session = codex('claude', stream, 'lite');
    await twoTurns(session);
    session.change('deepseek');
    await twoTurns(session);
    session.change('claude');
    await twoTurns(session);
    expect(providers.calls).toHaveLength(15);
    expect(providers.calls[5]?.raw).not.toContain('signature');
  });
});

test.each(['claude', 'budget'])(
  '[RT-3] without LiteLLM, what Claude Code asks of every Claude is taken by %s, calls of other models too',
  async (model) => {
    const id = 'functions.Bash:0';
    const messages = [
      { role: 'user', content: [{ type: 'text', text: 'go' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id, name: 'Bash', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] },
      { role: 'user', content: [{ type: 'text', text: 'on' }] },
    ];
    const asked = { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } };
    const body = JSON.stringify({ model, max_tokens: 32_000, ...asked, messages });
    const answer = await callRaw(middleware.port, { path: '/v1/messages', body });
    expect([answer.status, providers.calls.length]).toEqual([200, 1]);
    const thinking = model === 'budget' ? { type: 'enabled', budget_tokens: 4_096 } : asked.thinking;
    expect(providers.calls[0]?.body['thinking']).toEqual(thinking);
  },
);

const clients = { chat: 1, messages: 2 } as const;

test.each([
  ['chat', 'claude', true],
  ['chat', 'claude', false],
  ['messages', 'chat', true],
  ['messages', 'chat', false],
  ['chat', 'openai', true],
  ['chat', 'openai', false],
] as const)(
  '[RT-3] [RT-4] without LiteLLM, a client of %s has calls and texts of %s (streamed: %s)',
  async (api, provider, stream) => {
    const owns = {
      claude: anthropic({ m: 'claude-sonnet-5' }),
      chat: groq({ m: 'gpt-oss' }),
      // One that has no other API.
      openai: { ...groq({ m: 'gpt-4o' }), name: 'responses-alone', apis: ['responses'] },
    };
    const alone = await composed([owns[provider]]);
    const client = callClients(alone.url)[clients[api]]?.();
    if (client === undefined) throw new Error('there is no such client');
    providers.willAnswer([says('I look.'), runs('echo ONE')], [says('Done.')]);
    const said = await client.tell([['user', 'go']], stream);
    const callId = String(said.spoken[1]?.[3]);
    expect(said.spoken).toEqual([
      ['text', 'I look.'],
      ['call', 'exec_command', { cmd: 'echo ONE' }, callId],
    ]);
    const after = await client.tell([['output', callId, 'ONE']], stream);
    expect(after.spoken).toEqual([['text', 'Done.']]);
    expect(providers.calls.map((call) => call.provider)).toEqual([provider, provider]);
    await alone.close();
  },
);

test('[RT-3] [RT-4] without LiteLLM, a client of chats goes on at another model with an answer as it came', async () => {
  providers.willAnswer([says('I look.'), runs('echo ONE')], [says('Done.')]);
  const messages: object[] = [{ role: 'user', content: 'go' }];
  const ask = async (model: string): Promise<JsonObject> => {
    const body = JSON.stringify({ model, messages });
    const answer = await callRaw(middleware.port, { path: '/v1/chat/completions', body });
    return JSON.parse(answer.body.toString()) as JsonObject;
  };
  const [choice = {}] = objectsIn((await ask('claude'))['choices']);
  const said = objectAt(choice, 'message');
  // As OpenAI's SDK for Python has them in an answer.
  messages.push({ audio: null, function_call: null, annotations: [], ...said });
  const [call = {}] = objectsIn(said['tool_calls']);
  messages.push({ role: 'tool', tool_call_id: call['id'], content: 'ONE' });
  expect(said).toHaveProperty('refusal', null);
  expect(await ask('deepseek')).toHaveProperty('choices');
  expect(providers.calls.map(({ provider }) => provider)).toEqual(['claude', 'deepseek']);
});

test('[RT-3] without LiteLLM, the models that its file has of a provider are there, an edit of it at once', async () => {
  const file = join(folder, 'litellm_config.yaml');
  const entry = (name: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: deepseek/${name}-own, api_key: os.environ/A_KEY } }\n`;
  await writeFile(file, `model_list:\n${entry('one')}`);
  const own = { name: 'deepseek', baseUrl: `${providers.url}/deepseek` };
  const alone = await composed([own], { litellm: { configFile: file } });
  const ask = async (model: string): Promise<[number, string]> => {
    const body = JSON.stringify({ model, input: 'hi' });
    const answer = await callRaw(alone.port, { path: '/v1/responses', body });
    return [answer.status, answer.body.toString()];
  };
  expect(await ask('one')).toEqual([200, expect.stringContaining('"ok"')]);
  expect(await ask('two')).toEqual([404, expect.stringContaining('there are one')]);
  await writeFile(file, `model_list:\n${entry('one')}${entry('two')}`);
  expect(await ask('two')).toEqual([200, expect.stringContaining('"ok"')]);
  expect(providers.calls.map(({ model }) => model)).toEqual(['one-own', 'two-own']);
  await alone.close();
});
