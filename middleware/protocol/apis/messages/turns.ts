import type { JsonObject } from '../../../kernel/json-object.ts';
import { callKeys } from '../common/call-keys.ts';
import { appendItems } from '../common/append-items.ts';
import type { HistoryItem } from '../history-item.ts';
import type { TurnCodec } from '../turn-codec.ts';
import { messagesCall } from './calls.ts';
import { messagesRequest } from './request.ts';
import { isText, objectsIn, textAt } from '../common/read-event.ts';

/** The Messages API: everything is a block of a message, and outputs stand in the message of the user. */
export const messagesTurns: TurnCodec = {
  outputs: ({ id }, { text, images = [], isError }) => {
    const failed = isError ? { is_error: true } : {};
    // The API refuses a text that is empty.
    const words = text === '' ? [] : [{ type: 'text', text }];
    const content = images.length === 0 ? text : [...words, ...images.map(messagesRequest.imagePart)];
    return [{ kind: 'output', item: { type: 'tool_result', tool_use_id: id, content, ...failed } }];
  },
  withoutResult: (output, note) => (output['type'] === 'tool_result' ? { ...output, content: note } : output),
  holdsImages: true,
  words: (text) => ({ kind: 'output', item: { type: 'text', text } }),
  withTurn: (request, historyItems) => appendItems(request, messagesRequest.itemsKey, toItems(historyItems)),
  toItems,
  partsOf: (item) => (item['role'] === 'assistant' ? blocksOf(item['content']) : undefined),
  keysOf: (block) => {
    const { type, id, signature, data } = block;
    const call = messagesCall(block);
    if (call !== undefined && call.callId !== '') return callKeys(call);
    if (isText(id)) return [`call ${id}`];
    if (isText(signature)) return [`thinking ${signature.slice(-64)}`];
    if (isText(data)) return [`thinking ${data.slice(-64)}`];
    return [type === 'text' ? `text ${textAt(block, 'text')}` : `text of ${String(type)}`];
  },
  textOf: (blocks) => blocks.map((block) => (block['type'] === 'text' ? textAt(block, 'text') : '')).join(''),
  textsOf: (blocks) => blocks.filter(isTextBlock).map((block) => textAt(block, 'text')),
  withTexts: (item, own) => ({
    ...item,
    content: blocksOf(item['content']).map((block) =>
      isTextBlock(block) ? { ...block, text: own(textAt(block, 'text')) } : block,
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

function isTextBlock({ type }: JsonObject): boolean {
  return type === 'text';
}

function blocksOf(content: unknown): readonly JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsIn(content);
}
