import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { objectIn } from '../../../middleware/kernel/json-object.ts';
import { sealSummary } from '../../../middleware/protocol/translation/original.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { calls, says, status, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { faultsOfChat } from '../../support/strict/chat-rules.ts';
import { faultsOfMessages } from '../../support/strict/messages-rules.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
/** What a strict provider would refuse of the requests. */
let faults: string[];

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([
    deployment('claude', 'anthropic'),
    deployment('gemini', 'gemini'),
    deployment('gpt', 'openai'),
  ]);
  middleware = await composeMiddleware(upstream.url);
  middleware.setModels({ models: ['claude', 'gemini', 'gpt'] });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
  faults = [];
});

/** Answers each call alike, as a provider that looks at it. */
function answers(step: Step): void {
  upstream.use(({ url, json }) => {
    const body = objectIn(json);
    if (url.endsWith('/messages'))
      faults.push(
        ...faultsOfMessages(body, { thinksAdaptively: false, takesSystemTurns: false, isSigned: () => true }),
      );
    if (url.endsWith('/chat/completions')) faults.push(...faultsOfChat(body));
    return step;
  });
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function post(path: string, body: object, headers: readonly string[] = []): Promise<Answer> {
  const { status: code, body: bytes } = await callRaw(middleware.port, {
    ...{ path, headers },
    body: JSON.stringify(body),
  });
  return { status: code, text: bytes.toString() };
}

function compact(model: string, more: object = {}, headers: readonly string[] = []): Promise<Answer> {
  return post('/v1/responses/compact', { ...asCodexWrites, model, ...more }, headers);
}

/** As Codex wrote them while it called this path. */
const asCodexWrites = {
  instructions: 'You are Codex.',
  input: [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'rename the file' }] },
    { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'a.txt' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'it is renamed' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: '/help' }] },
  ],
  tools: [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }],
  parallel_tool_calls: true,
  reasoning: { effort: 'high', summary: 'auto' },
  prompt_cache_key: 'thread',
  text: { verbosity: 'low' },
};
const codex = ['user-agent', 'codex_cli_rs/0.169.0', 'originator', 'codex_cli_rs'];
const summary = 'The user wanted the file renamed; it is.';
const item = {
  id: expect.stringMatching(/^cmp_/),
  type: 'compaction',
  encrypted_content: sealSummary(summary),
};

describe.each(['claude', 'gemini'])('[PX-6] a conversation that %s is to sum up at its own path', (model) => {
  test('becomes one item, whatever is asked beside it', async () => {
    answers(says(summary));
    const forcing = {
      tool_choice: { type: 'function', name: 'look' },
      text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' } } },
      stream: true,
    };
    for (const path of ['/v1/responses/compact', '/responses/compact?a=b'])
      for (const more of [{}, forcing, { tools: [] }]) {
        const answer = await post(path, { ...asCodexWrites, model, ...more });
        expect([answer.status, JSON.parse(answer.text)]).toEqual([
          200,
          {
            id: expect.stringMatching(/^resp_/),
            object: 'response.compaction',
            created_at: expect.any(Number),
            output: [item],
            usage: expect.objectContaining({ output_tokens: 10, total_tokens: expect.any(Number) }),
          },
        ]);
      }
    expect(faults).toEqual([]);
    expect(upstream.requests).toHaveLength(6);
    for (const { json, raw } of upstream.requests) {
      const choice = JSON.stringify(json?.['tool_choice']);
      expect([undefined, '"none"', '{"type":"none"}']).toContain(choice);
      expect(json).toMatchObject({ stream: false });
      expect(json?.['response_format'] ?? json?.['output_config']).toBeUndefined();
      expect((json?.['messages'] as { role: string }[]).at(-1)?.role).toBe('user');
      // The last prompt is part of what is summed up, and no command.
      for (const said of ['rename the file', 'a.txt', '/help', 'is about to be replaced by a summary'])
        expect(raw.toString()).toContain(said);
    }
  });

  test('goes on from it at every model, and is summed up again', async () => {
    answers(says(summary));
    const openai = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'sk-any', maxRetries: 0 });
    const { output } = await openai.responses.compact({ model, input: asCodexWrites.input as never });
    const next = [...output, { role: 'user', content: 'and now?' }];
    for (const other of ['claude', 'gemini', 'gpt']) {
      expect((await post('/v1/responses', { model: other, input: next })).status).toBe(200);
      const raw = upstream.requests.at(-1)?.raw.toString() ?? '';
      expect([other, raw.includes(summary), raw.includes('encrypted_content')]).toEqual([other, true, false]);
    }
    for (const other of ['claude', 'gemini']) {
      expect((await compact(other, { input: next })).status).toBe(200);
      expect(upstream.requests.at(-1)?.raw.toString()).toContain(summary);
    }
    expect(faults).toEqual([]);
  });

  test('is never half a summary: what is none is an error, which is not tried elsewhere', async () => {
    const cut = (answer: string): Step => status(200, JSON.parse(answer) as object);
    const half =
      model === 'claude'
        ? '{"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"The"}],"stop_reason":"max_tokens","usage":{"input_tokens":1,"output_tokens":1}}'
        : '{"id":"m","object":"chat.completion","choices":[{"index":0,"finish_reason":"length","message":{"role":"assistant","content":"The"}}]}';
    const steps = [
      [calls('look', {}), /called a tool/],
      [says(' '), /gave no summary/],
      [cut(half), /cut off/],
      [cut('{"error":{"message":"Overloaded","type":"overloaded_error"}}'), /Overloaded/],
      [cut('{}'), /answer/],
    ] as const;
    for (const [step, message] of steps) {
      upstream.forget();
      answers(step);
      const { status: code, text } = await compact(model);
      expect([text, code >= 500, upstream.requests.length]).toEqual([text, true, 1]);
      expect(objectIn(JSON.parse(text))).toEqual({
        error: expect.objectContaining({ message: expect.stringMatching(message) }),
      });
    }
    answers(says(''));
    expect(await compact(model, {}, codex)).toEqual({
      status: 400,
      text: 'the model gave no summary of the conversation',
    });
  });

  test('is refused where nobody else knows it', async () => {
    const unknown = { input: undefined, previous_response_id: 'resp_1' };
    expect((await compact(model, unknown)).text).toContain('previous_response_not_found');
    expect((await compact(model, { input: undefined })).text).toContain('`input` has to be');
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('[PX-6] the same path at OpenAI', () => {
  const native = '{ "id":"r", "object":"response.compaction", "output":[{"type":"compaction"}]}';

  test('is passed on byte for byte, but for what OpenAI cannot read', async () => {
    upstream.use(() => ({
      ...{ kind: 'bytes', headers: ['content-type', 'application/json'] },
      pieces: [Buffer.from(native)],
    }));
    const body = { ...asCodexWrites, model: 'gpt' };
    expect(await post('/v1/responses/compact', body)).toEqual({ status: 200, text: native });
    expect(upstream.requests.map(({ url, raw }) => [url, raw.toString()])).toEqual([
      ['/v1/responses/compact', JSON.stringify(body)],
    ]);
    const input = [{ type: 'compaction', encrypted_content: sealSummary(summary) }];
    expect((await compact('gpt', { input })).text).toBe(native);
    const sent = upstream.requests[1]?.raw.toString() ?? '';
    expect([sent.includes(summary), sent.includes('encrypted_content')]).toEqual([true, false]);
  });
});

test('[PX-6] a model that nobody knows is refused there with those that are known', async () => {
  const message = 'litellm.BadRequestError: Invalid model name passed in model=gone. Call /v1/models';
  upstream.use(() => status(400, { error: { message } }));
  const { status: code, text } = await compact('gone');
  expect([code, text]).toEqual([404, expect.stringContaining('there are claude, gemini, gpt')]);
});
