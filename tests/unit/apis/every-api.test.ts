import { describe, expect, test } from '@jest/globals';
import { CodexPlusError } from '../../../middleware/kernel/errors.ts';
import type { Api, ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { createAnswerTail, type AnswerTail } from '../../../middleware/protocol/answer-tail.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import { holdsNone } from '../../../middleware/protocol/apis/common/holds-none.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { newestUserPrompt } from '../../../middleware/protocol/conversation/user-prompt.ts';
import { frameBytes, parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import { textDeltaOf } from '../../../middleware/protocol/text-delta.ts';

/** Every API: one that is missing here does not compile. */
const all: Readonly<Record<Api, true>> = { responses: true, chat: true, completions: true, messages: true };
const apis = Object.keys(all) as Api[];
const withTools = apis.filter((api) => codecOf(api).rounds !== undefined);

const head = { model: 'm', id: 'x1', nowSeconds: 1, includeUsage: false };
const text = 'Grüße,\n"welcome"';

function tailOf(api: Api, ...frames: readonly Buffer[]): AnswerTail {
  const tail = createAnswerTail(api, 200, ['content-type', 'text/event-stream']);
  for (const frame of frames) tail.feed(frame);
  return tail;
}

function requestOf(api: Api, body: unknown): ApiRequest {
  const json = Buffer.from(JSON.stringify(body));
  return { api, json, raw: json, headers: [], head: { model: 'm', stream: true } } as unknown as ApiRequest;
}

function localFrames(api: Api): readonly Buffer[] {
  return codecOf(api)
    .local.answer(head, text)
    .events.map(([name, data]) => frameBytes(data, name));
}

describe.each(apis)('the codec of %s agrees with itself', (api) => {
  const codec = codecOf(api);

  test('an answer of ours is complete with its last frame, and its text is found in its pieces', () => {
    const frames = localFrames(api);
    expect(tailOf(api, ...frames).isComplete()).toBe(true);
    const [first = Buffer.alloc(0)] = frames;
    expect(tailOf(api, first).isComplete()).toBe(false);
    const deltas = frames.map((frame) => textDeltaOf(api, parseFrame(frame))?.text ?? '');
    expect(deltas.join('')).toBe(text);
  });

  test('the text of an answer that is no stream is found, and another one put in its place', async () => {
    const seen: string[] = [];
    const whole = codec.local.answer(head, text).json as Record<string, unknown>;
    const changed = await codec.answer.replaceTexts(whole, (given) => {
      seen.push(given);
      return Promise.resolve('other');
    });
    expect(seen).toEqual([text]);
    expect(JSON.stringify(changed)).toBe(JSON.stringify(codec.local.answer(head, 'other').json));
  });

  test('an answer that we end with an error is over, and has failed', () => {
    const error = new CodexPlusError('upstream_unreachable', 'gone');
    const sent = { opening: undefined, last: undefined };
    const client = { kind: 'other', version: undefined } as const;
    const tail = tailOf(api, codec.local.errorEnd(error, { sent, client, head }));
    expect(tail.isComplete()).toBe(true);
    expect(tail.failure()).toMatchObject({ message: 'gone' });
    expect(JSON.stringify(codec.local.error(error))).toContain('gone');
  });

  test('a question of ours has its prompt where the prompts of clients stand', () => {
    const said = { role: 'user', parts: [{ kind: 'text', text: 'Is it so?' }] } as const;
    const asked = { model: 'm', instructions: 'Judge.', messages: [said], tools: [] };
    const form = { isLite: false, keepsReasoning: false, takesLimit: true };
    const conversation = Conversation.of(requestOf(api, codec.request.question(asked, form)));
    expect(conversation && newestUserPrompt(conversation, api)?.text).toBe('Is it so?');
  });

  test('what is put beside a message of the user leaves it as it is', () => {
    const message = { role: 'user', content: 'hi', ...codec.request.messageMarks };
    const bytes = Buffer.from(JSON.stringify(message));
    const { itemsKey, withContexts, withWordsBefore } = codec.request;
    for (const items of [withContexts(bytes, ['one', 'two']), withWordsBefore(bytes, 'before')]) {
      const made = items.map((item) =>
        Buffer.isBuffer(item) ? (JSON.parse(item.toString()) as unknown) : item,
      );
      const said = JSON.stringify(Conversation.of(requestOf(api, { [itemsKey]: made })) && made);
      expect(said).toContain('"hi"');
      expect(said).toMatch(/one[^]*two|before/);
    }
  });
});

/** A call of each API, as it stands in an answer. */
const calls: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  responses: { type: 'function_call', id: 'f1', call_id: 'c1', name: 'run', arguments: '{"a":1}' },
  chat: { id: 'c1', type: 'function', function: { name: 'run', arguments: '{"a":1}' } },
  messages: { type: 'tool_use', id: 'c1', name: 'run', input: { a: 1 } },
};

describe.each(withTools)('the calls of %s', (api) => {
  const { rounds, history } = codecOf(api);
  const call = calls[api]!;

  test('are read out of a stream of ours, and out of the conversation, as the same', () => {
    const made = rounds!.callAnswer(call)(head, '');
    const reader = rounds!.openReader(holdsNone);
    for (const [name, data] of made.events) reader.read(parseFrame(frameBytes(data, name)));
    const streamed = reader.items().flatMap((item) => item.call ?? []);
    expect(streamed).toMatchObject([{ callId: 'c1', name: 'run', input: '{"a":1}' }]);
    const whole = rounds!.readAnswer(made.json as Record<string, unknown>, holdsNone);
    expect(whole.items.flatMap((item) => item.call ?? [])).toEqual(streamed);
    const [item = {}] = rounds!.toItems([{ kind: 'said', item: call }]);
    expect(history.isModels(item)).toBe(true);
    expect(history.callsIn(item)).toEqual(streamed);
  });

  test('have outputs of ours that are read back, and may be put in other words', () => {
    const [item = {}] = rounds!.toItems(rounds!.outputs(call, { text: 'no', isError: true }));
    expect(history.isModels(item)).toBe(false);
    expect(history.resultsIn(item)).toMatchObject([{ callId: 'c1', content: 'no' }]);
    const changed = history.withResults(item, new Map([['c1', 'other']]));
    expect(history.resultsIn(changed)).toMatchObject([{ callId: 'c1', content: 'other' }]);
  });
});
