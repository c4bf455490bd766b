import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { messagesAnswer } from './local-answer.ts';
import { hasFailed } from '../../answer-failure.ts';
import { appendItems } from '../append-items.ts';
import type { HistoryItem } from '../history-item.ts';
import type { RoundCodec } from '../round-codec.ts';
import { messagesCall, messagesCallEvents, withMessagesInput } from './calls.ts';
import { messagesRequest } from './request.ts';
import { MessagesReader } from './reader.ts';
import { MessagesWriter } from './writer.ts';
import { objectsIn, textAt } from '../read-event.ts';

/** The Messages API: everything is a block of a message, and outputs stand in the message of the user. */
export const messagesRounds: RoundCodec = {
  openReader: (holds) => new MessagesReader(holds),
  openWriter: () => new MessagesWriter(),
  readAnswer: (answer) => {
    const reason = textAt(answer, 'stop_reason');
    return {
      items: objectsIn(answer['content']).map((item, index) => ({
        key: String(index),
        item,
        call: messagesCall(item),
      })),
      usage: isJsonObject(answer['usage']) ? answer['usage'] : undefined,
      ending: hasFailed(answer)
        ? 'failed'
        : reason === 'tool_use' || reason === 'end_turn'
          ? 'complete'
          : 'partial',
      chainId: undefined,
    };
  },
  writeAnswer: (last, { items, usage, hasCalls }) => ({
    ...last,
    content: items,
    ...(last['stop_reason'] === 'tool_use' && !hasCalls ? { stop_reason: 'end_turn' } : {}),
    ...(usage === undefined ? {} : { usage }),
  }),
  isForClient: (block) => messagesCall(block) !== undefined,
  withInput: withMessagesInput,
  outputs: ({ id }, text, isError) => {
    const failed = isError ? { is_error: true } : {};
    return [{ kind: 'output', item: { type: 'tool_result', tool_use_id: id, content: text, ...failed } }];
  },
  words: (text) => ({ kind: 'output', item: { type: 'text', text } }),
  textItem: (_head, text) => ({ type: 'text', text }),
  callAnswer: (item) => (head) => {
    const { json, events } = messagesAnswer(head, '');
    const whole = isJsonObject(json) ? json : {};
    const called = messagesCallEvents(item, 0);
    const [start, ...rest] = events;
    const ending = rest.filter(([name]) => name === 'message_delta' || name === 'message_stop');
    return {
      json: { ...whole, content: [item], stop_reason: 'tool_use' },
      events: [
        ...(start === undefined ? [] : [start]),
        ...called.map((event) => [textAt(event, 'type'), JSON.stringify(event)] as const),
        ...ending.map(([name, data]) => [name, data.replace('"end_turn"', '"tool_use"')] as const),
      ],
    };
  },
  withTurn: (request, historyItems) => appendItems(request, messagesRequest.itemsKey, toItems(historyItems)),
  toItems,
  partsOf: (item) => (item['role'] === 'assistant' ? blocksOf(item['content']) : undefined),
  keysOf: (block) => {
    const { type, id, signature, data } = block;
    if (typeof id === 'string' && id !== '') return [`call ${id}`];
    if (typeof signature === 'string' && signature !== '') return [`thinking ${signature.slice(-64)}`];
    if (typeof data === 'string' && data !== '') return [`thinking ${data.slice(-64)}`];
    return [type === 'text' ? `text ${textAt(block, 'text')}` : `text of ${String(type)}`];
  },
  textOf: (blocks) => blocks.map((block) => (block['type'] === 'text' ? textAt(block, 'text') : '')).join(''),
  textsOf: (blocks) => blocks.filter(isText).map((block) => textAt(block, 'text')),
  withTexts: (item, own) => ({
    ...item,
    content: blocksOf(item['content']).map((block) =>
      isText(block) ? { ...block, text: own(textAt(block, 'text')) } : block,
    ),
  }),
  withOutputs: (outputs, next) => ({
    ...next,
    content: [...blocksOf(outputs['content']), ...blocksOf(next['content'])],
  }),
};

function toItems(historyItems: readonly HistoryItem[], message: JsonObject = {}): readonly JsonObject[] {
  const items: { role: 'assistant' | 'user'; content: JsonObject[] }[] = [];
  for (const { kind, item: block } of historyItems) {
    const role = kind === 'said' ? 'assistant' : 'user';
    // The API refuses a text that is empty, also one that it gave itself.
    if (block['type'] === 'text' && block['text'] === '') continue;
    const last = items.at(-1);
    if (last?.role === role) last.content.push(block);
    else items.push({ role, content: [block] });
  }
  return items.map((item) => (item.role === 'assistant' ? { ...message, ...item } : item));
}

function isText({ type }: JsonObject): boolean {
  return type === 'text';
}

function blocksOf(content: unknown): readonly JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsIn(content);
}
