import { CodexPlusError } from '../../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { chatAnswer } from './local-answer.ts';
import { hasFailed } from '../../answer-failure.ts';
import { appendItems } from '../append-items.ts';
import type { HistoryItem } from '../history-item.ts';
import type { RoundCodec } from '../round-codec.ts';
import { chatCall, chatItems, chatMessage, refuseTwoKinds, textSeparator, withChatInput } from './calls.ts';
import { chatRequest } from './request.ts';
import { ChatReader } from './reader.ts';
import { ChatWriter } from './writer.ts';
import { objectAt, objectsIn, textAt } from '../read-event.ts';
import type { Ending, Holds, RoundItem } from '../round.ts';

/** The Chat Completions API: text and calls are parts of one message, outputs are messages of their own. */
export const chatRounds: RoundCodec = {
  openReader: (holds) => new ChatReader(holds),
  openWriter: () => new ChatWriter(),
  readAnswer: (answer, holds) => {
    const choices = objectsIn(answer['choices']);
    refuseUnchecked(choices, holds);
    const [choice = {}] = choices;
    return {
      items: chatItems(objectAt(choice, 'message')).map(roundItem),
      usage: isJsonObject(answer['usage']) ? answer['usage'] : undefined,
      // Of several answers at once none is the one that a conversation could go on from.
      ending: hasFailed(answer)
        ? 'failed'
        : choices.length > 1
          ? 'partial'
          : (endings.get(textAt(choice, 'finish_reason')) ?? 'complete'),
      chainId: undefined,
    };
  },
  writeAnswer: (last, { items, usage, hasCalls }) => {
    const [choice = {}, ...others] = objectsIn(last['choices']);
    const reason = choice['finish_reason'];
    const finish = reason === 'tool_calls' && !hasCalls ? 'stop' : reason;
    const answered = { ...choice, message: chatMessage(items), finish_reason: finish };
    return { ...last, choices: [answered, ...others], ...(usage === undefined ? {} : { usage }) };
  },
  isForClient: (item) => chatCall(item) !== undefined,
  withInput: withChatInput,
  outputs: ({ id }, text) => [{ kind: 'output', item: { role: 'tool', tool_call_id: id, content: text } }],
  words: (text) => ({ kind: 'output', item: { role: 'user', content: text } }),
  textItem: (_head, text) => ({ role: 'assistant', content: text }),
  callAnswer: (item) => (head) => {
    const { json, events } = chatAnswer(head, '');
    const whole = isJsonObject(json) ? json : {};
    const [choice = {}] = objectsIn(whole['choices']);
    const message = { ...objectAt(choice, 'message'), ...chatMessage([item]) };
    const chunks = events.map(([name, data], index) => [name, chunkOf(data, index, item)] as const);
    return {
      json: { ...whole, choices: [{ ...choice, message, finish_reason: 'tool_calls' }] },
      events: chunks,
    };
  },
  withTurn: (request, historyItems) => appendItems(request, chatRequest.itemsKey, toItems(historyItems)),
  toItems,
  partsOf: (item, texts) => (item['role'] === 'assistant' ? cutApart(item, texts) : undefined),
  keysOf: (part) => {
    const call = chatCall(part);
    if (call !== undefined) return [`call ${call.callId}`];
    const text = textAt(part, 'content');
    return text === '' ? [] : [`text ${text}`];
  },
  textOf,
  textsOf: (parts) => [textOf(parts)],
  withTexts: (item, own) => {
    const { content } = item;
    return typeof content === 'string' ? { ...item, content: own(content) } : item;
  },
  withOutputs: undefined,
};

const endings: ReadonlyMap<string, Ending> = new Map([
  ['length', 'partial'],
  ['content_filter', 'partial'],
]);

function textOf(parts: readonly JsonObject[]): string {
  return parts
    .filter((part) => chatCall(part) === undefined)
    .map((part) => textAt(part, 'content'))
    .filter((text) => text !== '')
    .join(textSeparator);
}

function roundItem(item: JsonObject, index: number): RoundItem {
  return { key: String(index), item, call: chatCall(item) };
}

function toItems(historyItems: readonly HistoryItem[]): readonly JsonObject[] {
  const items: JsonObject[] = [];
  let said: JsonObject[] = [];
  const close = (): void => {
    if (said.length > 0) items.push(chatMessage(said));
    said = [];
  };
  for (const historyItem of historyItems) {
    if (historyItem.kind === 'said') {
      said.push(historyItem.item);
      continue;
    }
    close();
    items.push(historyItem.item);
  }
  close();
  return items;
}

/** The pieces of a message; a text that is those of several rounds joined is cut where they met. */
function cutApart(message: JsonObject, texts: readonly string[]): readonly JsonObject[] {
  const [first, ...others] = chatItems(message);
  if (first === undefined) return [];
  const isJoined = texts.length > 1 && first['content'] === texts.join(textSeparator);
  if (!isJoined) return [first, ...others];
  const pieces = texts.map((content, index) =>
    index === 0 ? { ...first, content } : { role: 'assistant', content },
  );
  return [...pieces, ...others];
}

/** The chunks of an answer of ours with a call in the place of the text. */
function chunkOf(data: string, index: number, item: JsonObject): string {
  if (data === '[DONE]') return data;
  const chunk: unknown = JSON.parse(data);
  if (!isJsonObject(chunk)) return data;
  const choices = objectsIn(chunk['choices']).map((choice) => {
    if (choice['finish_reason'] === 'stop') return { ...choice, finish_reason: 'tool_calls' };
    return index === 1 ? { ...choice, delta: { tool_calls: [{ index: 0, ...item }] } } : choice;
  });
  return JSON.stringify({ ...chunk, choices });
}

function refuseUnchecked(choices: readonly JsonObject[], holds: Holds): void {
  const messages = choices.map((choice) => objectAt(choice, 'message'));
  const deprecated = messages.map((message) => message['function_call']).filter(isJsonObject);
  const heads = deprecated.map((called) => ({
    kind: 'function' as const,
    name: textAt(called, 'name'),
    namespace: undefined,
  }));
  if (heads.some(holds)) {
    throw new CodexPlusError(
      'invalid_body',
      'calls of functions cannot be checked: use tools in their place',
    );
  }
  const items = messages.flatMap(chatItems);
  for (const item of items) refuseTwoKinds(item, holds);
  const calls = items.map(chatCall);
  if (choices.length > 1 && calls.some((call) => call !== undefined && holds(call))) {
    throw new CodexPlusError(
      'invalid_body',
      'tool calls cannot be checked in an answer with several choices',
    );
  }
}
