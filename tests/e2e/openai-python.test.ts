import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeStateDir, startCodexAsModel, type CodexAsModel } from '../support/codex-as-model.ts';
import { says } from '../support/fake-upstream/step.ts';
import { litellmPython, runPython } from '../support/run-python.ts';

const text = 'Héllo,\u2028wörld: "你好" 🌍!\n\nAnd a second paragraph.';
const calls = [
  { name: 'weather', arguments: { city: 'Bern\u2028' } },
  { name: 'weather', arguments: { city: 'Graz' } },
];
const tools = [
  {
    type: 'function',
    function: {
      name: 'weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    },
  },
];

let codex: CodexAsModel;

beforeAll(async () => {
  codex = await startCodexAsModel(makeStateDir('openai-python'), {
    others: [
      {
        model_name: 'claude',
        litellm_params: { model: 'anthropic/claude-sonnet-4-5' },
        model_info: { id: 'two' },
      },
    ],
  });
  codex.upstream.use((seen) =>
    seen.raw.includes('Call the tools.')
      ? { kind: 'answer', items: calls.map((call, at) => ({ kind: 'call', ...call, callId: `call_${at}` })) }
      : says(text),
  );
});

afterAll(() => codex.close());

interface Told {
  readonly sdk: Readonly<Record<string, unknown>>;
  readonly calls: { readonly calls: readonly { readonly arguments: string }[] };
}

async function toldOf(model: string): Promise<Told> {
  const asked = { url: codex.middleware.url, model, tools };
  return (await runPython(await litellmPython(), 'openai-client.py', asked)) as Told;
}

test.each([
  ['Codex', 'codex-5'],
  ['a provider with another API', 'claude'],
])(
  "OpenAI's Python SDK reads all chats of %s, and its types have every member of them [API-1] [RT-4]",
  async (_, model) => {
    const told = await toldOf(model);
    expect(told.sdk).toEqual({
      ...{ text, streamed: text, helper: text, tokens: expect.any(Number) },
      models: expect.arrayContaining(['gpt-5', 'codex-5-high']),
      refused: { status: 400, type: 'invalid_request_error', code: expect.anything(), param: 'n' },
    });
    expect(told).toMatchObject({
      whole: { faults: [], value: { choices: [{ message: { content: text }, finish_reason: 'stop' }] } },
      stream: { faults: [], text, calls: [], end: ['stop'] },
      streamWithUsage: { faults: [], text, calls: [], end: ['stop'] },
      calls: { faults: [], text: '', end: ['tool_calls'] },
    });
    expect(told.calls.calls).toEqual(
      calls.map((call, at) => ({ ...call, id: `call_${at}`, arguments: JSON.stringify(call.arguments) })),
    );
  },
  180_000,
);

test("OpenAI's Python SDK reads completions of Codex, and its types have every member of them [API-1]", async () => {
  expect(await toldOf('codex-5')).toMatchObject({
    wholeCompletion: { faults: [], value: { choices: [{ text, finish_reason: 'stop' }] } },
    completion: { faults: [], text },
    completionWithUsage: { faults: [], text },
  });
}, 180_000);
