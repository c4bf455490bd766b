import { describe, expect, test } from '@jest/globals';
import { createSentencesFilter } from '../../../middleware/features/accessibility/sentences.ts';
import { findFileReferences } from '../../../middleware/features/commands/expand/file-references.ts';
import { findShellInclusions } from '../../../middleware/features/commands/expand/shell-inclusions.ts';
import { splitArguments } from '../../../middleware/features/commands/expand/split-arguments.ts';
import { substitute } from '../../../middleware/features/commands/expand/substitute.ts';
import type { ApiRequest, Exchange } from '../../../middleware/kernel/exchange.ts';
import { isGuardedName } from '../../../middleware/kernel/is-guarded-name.ts';
import type { SseFrame } from '../../../middleware/kernel/sse-frame.ts';
import { createAnswerTail } from '../../../middleware/protocol/answer-tail.ts';
import { clientOf } from '../../../middleware/protocol/codex/client.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { topLevelMembers } from '../../../middleware/protocol/json/json-members.ts';
import { SseCutter } from '../../../middleware/protocol/sse/sse-cutter.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import { textDeltaOf } from '../../../middleware/protocol/text-delta.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import { HeldQueue } from '../../../middleware/pipeline/answer/held-queue.ts';
import { newToolOutputs } from '../../../middleware/protocol/conversation/tool-outputs.ts';
import { turnOf } from '../../../middleware/protocol/codex/turn-of.ts';
import { newestUserPrompt } from '../../../middleware/protocol/conversation/user-prompt.ts';
import { litellmBody } from '../../../middleware/upstreams/litellm/litellm-body.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

function request(text: string, api: ApiRequest['api'] = 'responses'): ApiRequest {
  const json = Buffer.from(text);
  return {
    ...{ api, path: '/responses', headers: [], raw: json, contentEncoding: undefined, json },
    head: { model: 'm', stream: true },
  };
}

const repeated = (text: string) => (size: number) => text.repeat(Math.ceil(size / text.length));

describe('the work for a request grows with its size, and no faster', () => {
  for (const [what, member] of [
    ['keys that are taken out', ',"api_key":"x"'],
    ['fallbacks with keys', ',"fallbacks":[{"api_key":"x"}]'],
    ['names that come again', ',"model":"x"'],
    ['long strings', `,"a":"${'x'.repeat(500)}"`],
    ['backslashes', `,"a":"${'\\\\'.repeat(300)}"`],
    ['nested lists', `,"a":${'['.repeat(500)}${']'.repeat(500)}`],
    ['white space', `,${' '.repeat(500)}"a":1`],
  ] as const) {
    test(`a body for LiteLLM of many members: ${what}`, () =>
      growsLinearly(
        (size) => `{"model":"m"${repeated(member)(size)}}`,
        (text) => litellmBody(request(text).json),
        60_000,
      ));
  }

  test('a name that some disk may take for another', () =>
    growsLinearly(
      (size) => `${'. '.repeat(size)}x${'~1'.repeat(size)}\\${':'.repeat(size)}`,
      isGuardedName,
      200_000,
    ));

  test('a string of nothing but backslashes', () =>
    growsLinearly(
      (size) => Buffer.from(`{"a":"${'\\\\'.repeat(size)}"}`),
      (json) => topLevelMembers(Buffer.from(json)),
      200_000,
    ));

  for (const [what, item] of [
    ['outputs without a call', { type: 'function_call_output', call_id: 'none', output: 'x' }],
    ['developer messages', { role: 'developer', content: 'x' }],
    ['skills', { role: 'user', content: '<skill> <name>x</name>' }],
    [
      'messages with many parts',
      { role: 'user', content: Array(50).fill({ type: 'input_text', text: ' <' }) },
    ],
  ] as const) {
    test(`a conversation of many items: ${what}`, () =>
      growsLinearly(
        (size) => {
          const items = Array<string>(size).fill(JSON.stringify(item)).join(',');
          return `{"input":[{"role":"user","content":"hi"},${items}]}`;
        },
        (text) => {
          const conversation = Conversation.of(request(text))!;
          newToolOutputs(conversation, 'responses');
          newestUserPrompt(conversation, 'responses');
        },
        500,
      ));
  }

  test('many outputs whose calls stand far before them', () =>
    growsLinearly(
      (size) => {
        const calls = Array.from({ length: size }, (_, id) => ({ type: 'function_call', call_id: `c${id}` }));
        const outputs = calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: '' }));
        return JSON.stringify({ input: [...calls, { role: 'assistant', content: '' }, ...outputs] });
      },
      (text) => newToolOutputs(Conversation.of(request(text))!, 'responses'),
      1_000,
    ));

  for (const value of ['a/', ' ', '/1', '{"a":', '1.'.repeat(8)]) {
    test(`headers of nothing but ${JSON.stringify(value)}`, () =>
      growsLinearly(
        repeated(value),
        (text) => {
          const names = ['user-agent', 'x-codex-turn-metadata', 'originator', 'session-id'];
          const headers = names.flatMap((name) => [name, text]);
          clientOf(headers);
          turnOf({ path: '/responses', headers });
        },
        100_000,
      ));
  }
});

describe('the work for a command grows with what it holds, and no faster', () => {
  for (const body of [
    '$ARGUMENTS !`x` ',
    '\n```!   \n',
    `\n\`\`\`!${' '.repeat(10_000)}x`,
    ' !`',
    '@a,',
    `@${',.'.repeat(5_000)}x `,
    '#/',
    ' @"a',
    '\\$1',
    '\\',
    '${A}',
    ' !',
  ]) {
    test(`a body of nothing but ${JSON.stringify(body.slice(0, 20))}`, () =>
      growsLinearly(
        repeated(body),
        (text) => {
          const made = substitute(text, {
            ...{ args: 'a `b` !`c`', argumentNames: ['name'], firstPositional: 0, variables: {} },
          });
          findShellInclusions(made);
          findFileReferences(made.text);
        },
        100_000,
      ));
  }

  for (const args of ['a ', '"a b" ', "it's", '\\ ', '!`x` ', 'a\n', '((', '{1..2} ']) {
    test(`arguments of nothing but ${JSON.stringify(args)}`, () =>
      growsLinearly(repeated(args), (text) => splitArguments(text), 20_000));
  }

  test('a prompt that would be longer than it may be is not made', () => {
    const made = substitute('$ARGUMENTS'.repeat(20_000), {
      ...{ args: 'x'.repeat(20_000), argumentNames: [], firstPositional: 0, variables: {} },
      maxLength: 1_000_000,
    });
    expect(made).toEqual({ text: '', inserted: [], isTooLong: true });
  });
});

const exchange = { request: request('{}') } as Exchange;

async function* framesOf(texts: readonly string[]): AsyncGenerator<SseFrame, void, undefined> {
  for (const delta of texts) {
    const event = { type: 'response.output_text.delta', item_id: 'i', content_index: 0, delta };
    yield Promise.resolve(parseFrame(Buffer.from(`data: ${JSON.stringify(event)}\n\n`)));
  }
}

async function textIn(frames: AsyncIterable<SseFrame>): Promise<string> {
  let text = '';
  for await (const frame of frames) text += textDeltaOf('responses', frame)?.text ?? '';
  return text;
}

describe('the work for an answer grows with its size, and no faster', () => {
  const sentences = createSentencesFilter({ always: true });

  for (const text of ['word ', 'a', '. 1', 'a. 1 ', '!', '😀', 'Dr. Who. ', '\n']) {
    for (const pieces of ['one piece', 'small pieces'] as const) {
      test(`whole sentences of a text of nothing but ${JSON.stringify(text)} in ${pieces}, no letter lost`, async () => {
        await growsLinearly(
          (size) => {
            const whole = repeated(text)(size);
            return pieces === 'one piece' ? [whole] : (whole.match(/[^]{1,40}/gu) ?? []);
          },
          async (texts) => {
            expect(await textIn(sentences.events(framesOf(texts), exchange))).toBe(texts.join(''));
          },
          16_000,
        );
      });
    }
  }

  for (const line of ['data: x', 'data:', ':', ': x', '\r', '\n', 'event: e', '\ufeffdata: {"usage":null}']) {
    test(`a stream of nothing but ${JSON.stringify(line)}, with blank lines and without, in pieces`, () =>
      growsLinearly(
        (size) => [`${line}\n`, `${line}\r\n\r\n`, line].map((unit) => Buffer.from(repeated(unit)(size))),
        (streams) => {
          for (const stream of streams) {
            const cutter = new SseCutter();
            const tail = createAnswerTail('chat', 200, ['content-type', 'text/event-stream']);
            for (let at = 0; at < stream.length; at += 100) {
              const chunk = stream.subarray(at, at + 100);
              tail.feed(chunk);
              cutter.feed(chunk, (raw) => parseFrame(raw).data);
            }
            parseFrame(cutter.rest());
            tail.usage();
          }
        },
        50_000,
      ));
  }

  for (const api of ['responses', 'chat', 'messages'] as const) {
    test(`a tool call of the ${api} API whose input comes in small pieces, and many calls`, () =>
      growsLinearly(
        (size) => streamOfCalls(api, size),
        (frames) => {
          const reader = codecOf(api).rounds!.openReader(() => true);
          for (const frame of frames) reader.read(parseFrame(Buffer.from(`data: ${frame}\n\n`)));
          reader.items();
        },
        3_000,
      ));
  }

  test('what waits behind a call until it is decided', () =>
    growsLinearly(
      (size) => size,
      async (size) => {
        const frame = parseFrame(Buffer.from('data: {}\n\n'));
        const queue = new HeldQueue();
        queue.hold('a', { kind: 'held', frame, event: {} });
        queue.decide('a', Promise.resolve({ kind: 'released', input: undefined }));
        for (let index = 0; index < size; index += 1) queue.add({ kind: 'other', frame, event: undefined });
        await queue.deciding;
        expect([...queue.take()]).toHaveLength(size + 1);
      },
      20_000,
    ));
});

function streamOfCalls(api: 'responses' | 'chat' | 'messages', size: number): readonly string[] {
  const each = <T>(make: (index: number) => T): T[] =>
    Array.from({ length: size }, (_, index) => make(index));
  const frames: object[] = [];
  if (api === 'chat') {
    const chunk = (call: object): object => ({ choices: [{ index: 0, delta: { tool_calls: [call] } }] });
    const called = { id: 'a', type: 'function', function: { name: 'f', arguments: '' } };
    frames.push(...each((index) => chunk({ ...called, index, id: `c${index}` })));
    frames.push(...each(() => chunk({ index: 0, function: { arguments: '"x' } })));
    const details = [{ type: 'reasoning.text', text: 'x' }];
    frames.push(...each(() => ({ choices: [{ index: 0, delta: { reasoning_details: details } }] })));
    frames.push({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] });
  } else if (api === 'messages') {
    const delta = { type: 'input_json_delta', partial_json: '"x' };
    frames.push(
      ...each((index) => ({
        ...{ type: 'content_block_start', index },
        content_block: { type: 'tool_use', id: `c${index}`, name: 'f', input: {} },
      })),
      ...each(() => ({ type: 'content_block_delta', index: 0, delta })),
      ...each((index) => ({ type: 'content_block_stop', index })),
      { type: 'message_stop' },
    );
  } else {
    const item = (index: number): object => ({
      ...{ type: 'function_call', id: `i${index}`, call_id: `c${index}`, name: 'f' },
      arguments: index === 0 ? '"x'.repeat(size) : '{}',
    });
    const begun = (index: number): object => ({ ...item(index), arguments: '' });
    const delta = { type: 'response.function_call_arguments.delta', output_index: 0, item_id: 'i0' };
    frames.push(
      ...each((index) => ({ type: 'response.output_item.added', output_index: index, item: begun(index) })),
      ...each(() => ({ ...delta, delta: '"x' })),
      ...each((index) => ({ type: 'response.output_item.done', output_index: index, item: item(index) })),
      { type: 'response.completed', response: { id: 'r', output: each(item) } },
    );
  }
  return frames.map((frame) => JSON.stringify(frame));
}
