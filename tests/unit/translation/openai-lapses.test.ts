import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { eventFrame } from '../../../middleware/protocol/apis/common/read-event.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { openai } from '../../support/strict/models.ts';

const names = new ToolNames([{ kind: 'function', namespace: undefined, name: 'read' }]);

function streamed(stream: readonly JsonObject[]): readonly AnswerEvent[] {
  const reader = responsesProvider.openReader(names, openai({}));
  return [...stream.flatMap((event) => reader.read(eventFrame(event))), ...reader.finish()];
}
const whole = (answer: JsonObject): readonly AnswerEvent[] =>
  responsesProvider.readAnswer(answer, names, openai({}));

/** The parts that ended, with what they say, and the end. */
function told(events: readonly AnswerEvent[]): readonly string[] {
  const parts: string[] = [];
  let text = '';
  for (const event of events) {
    if ('delta' in event) text += event.delta;
    if (event.kind === 'end') parts.push(event.reason);
    if (event.kind === 'failed') parts.push(event.failure.kind);
    if (!event.kind.endsWith('-end')) continue;
    parts.push(`${event.kind.replace('-end', '')} ${text}`);
    text = '';
  }
  return parts;
}

const message = { type: 'message', id: 'm', content: [{ type: 'output_text', text: 'hi' }] };
const call = { type: 'function_call', id: 'f', name: 'read', call_id: 'c', arguments: '{"a":1}' };
const event = (type: string, more: JsonObject): JsonObject => ({ type: `response.${type}`, ...more });
const completed = (...output: readonly JsonObject[]): JsonObject =>
  event('completed', { response: { status: 'completed', output } });

describe('[RT-4] what servers of the Responses API leave out', () => {
  test('the end of a message before a call, and both at the end of the answer', () => {
    const events = streamed([
      event('output_item.added', { output_index: 0, item: { ...message, content: [] } }),
      event('output_text.delta', { output_index: 0, delta: 'hi' }),
      event('output_item.added', { output_index: 1, item: { ...call, arguments: '' } }),
      event('output_item.done', { output_index: 1, item: call }),
      completed(),
    ]);
    expect(told(events)).toEqual(['text hi', 'call {"a":1}', 'calls']);
  });

  const pieces = [
    event('output_item.added', { item: { ...message, content: [] } }),
    event('output_text.delta', { item_id: 'm', delta: 'hi' }),
    event('output_item.done', { item: message }),
    event('output_item.added', { item: { ...call, arguments: '' } }),
    event('function_call_arguments.delta', { item_id: 'f', delta: '{"a":1}' }),
    event('output_item.done', { item: call }),
  ];
  const withoutIds = JSON.parse(
    JSON.stringify(pieces).replaceAll(/"(?:item_)?id":"\w",?/g, ''),
  ) as readonly JsonObject[];
  test.each([
    ['the places of items', pieces],
    ['the places and the ids', withoutIds],
    ['the begins as well', pieces.filter(({ type }) => type === 'response.output_item.done')],
  ])('%s: nothing is told twice', (_what, stream) => {
    for (const end of [completed(message, call), completed()])
      expect(told(streamed([...stream, end]))).toEqual(['text hi', 'call {"a":1}', 'calls']);
  });

  test('the status of an answer, or the event of one that was cut off', () => {
    const cut = { output: [message], incomplete_details: { reason: 'max_output_tokens' } };
    expect(told(streamed([event('incomplete', { response: cut })]))).toEqual(['text hi', 'limit']);
    const said = { ...cut, status: 'incomplete' };
    expect(told(streamed([event('completed', { response: said })]))).toEqual(['text hi', 'limit']);
    expect(told(streamed([event('failed', { response: {} })]))).toEqual(['failed']);
  });
});

describe('[RT-4] an answer of the Responses API that is none, whatever its status says', () => {
  test.each([
    [{ error: 'the model is overloaded' }, 'overloaded'],
    [{ error: { code: 'rate_limit_exceeded', message: 'no' } }, 'rate-limit'],
    [{ type: 'error', message: 'boom' }, 'failed'],
    [{ detail: 'x' }, 'failed'],
    [{}, 'failed'],
    [{ status: 'in_progress', output: [] }, 'failed'],
    [{ status: 'queued', output: [] }, 'failed'],
    [{ status: 'cancelled' }, 'failed'],
  ])('%j', (answer, kind) => {
    expect(told(whole(answer))).toEqual([kind]);
  });
});

test.each([
  ['invalid_prompt', 'invalid'],
  ['invalid_image_format', 'invalid'],
  ['image_too_large', 'invalid'],
  ['empty_image_file', 'invalid'],
  ['bio_policy', 'invalid'],
  ['server_error', 'broken'],
  ['vector_store_timeout', 'failed'],
])('[RT-4] a failure of OpenAI with the code %s is of the kind %s', (code, kind) => {
  const response = { status: 'failed', error: { code, message: 'no' } };
  expect(told(streamed([event('failed', { response })]))).toEqual([kind]);
  expect(told(whole(response))).toEqual([kind]);
});
