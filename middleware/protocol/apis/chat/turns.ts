import { addAll } from '../../../kernel/bounds/add-all.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import { callKeys } from '../common/call-keys.ts';
import { appendItems } from '../common/append-items.ts';
import type { HistoryItem } from '../history-item.ts';
import type { TurnCodec } from '../turn-codec.ts';
import { chatCall, chatItems, chatMessage, textSeparator } from './calls.ts';
import { chatRequest } from './request.ts';
import { contentText } from '../common/content-text.ts';

/** The Chat Completions API: text and calls are parts of one message, outputs are messages of their own. */
export const chatTurns: TurnCodec = {
  outputs: ({ id }, { text, images = [] }) => {
    const item = { role: 'tool', tool_call_id: id, content: text };
    const shown = { role: 'user', content: images.map(chatRequest.imagePart) };
    return [item, ...(images.length === 0 ? [] : [shown])].map((one) => ({ kind: 'output', item: one }));
  },
  withoutResult: (output, note) => {
    if (output['role'] === 'tool') return { ...output, content: note };
    return Array.isArray(output['content']) ? undefined : output;
  },
  holdsImages: false,
  words: (text) => ({ kind: 'output', item: { role: 'user', content: text } }),
  withTurn: (request, historyItems) => appendItems(request, chatRequest.itemsKey, toItems(historyItems)),
  toItems,
  partsOf: (item, texts) => (item['role'] === 'assistant' ? cutApart(item, texts) : undefined),
  keysOf: (part) => {
    const call = chatCall(part);
    if (call !== undefined) return callKeys(call);
    const text = contentText(part['content']);
    return text === '' ? [] : [`text ${text}`];
  },
  textOf,
  textsOf: (parts) => [textOf(parts)],
  withTexts: (item, own) => {
    const text = contentText(item['content']);
    return text === '' ? item : { ...item, content: own(text) };
  },
  withOutputs: undefined,
};

function textOf(parts: readonly JsonObject[]): string {
  return parts
    .filter((part) => chatCall(part) === undefined)
    .map(({ content }) => contentText(content))
    .filter((text) => text !== '')
    .join(textSeparator);
}

function toItems(historyItems: readonly HistoryItem[]): readonly JsonObject[] {
  const items: JsonObject[] = [];
  let said: JsonObject[] = [];
  // Outputs stand right behind their calls, all of them, and only a message of the user can show an image.
  let shown: JsonObject[] = [];
  const close = (): void => {
    if (said.length > 0) items.push(chatMessage(said));
    said = [];
  };
  const show = (): void => {
    addAll(items, shown);
    shown = [];
  };
  for (const { kind, item } of historyItems) {
    if (kind === 'said') {
      show();
      said.push(item);
      continue;
    }
    close();
    if (item['role'] === 'tool') items.push(item);
    else shown.push(item);
  }
  close();
  show();
  return items;
}

/** The pieces of a message; a text that is those of several rounds joined is cut where they met. */
function cutApart(message: JsonObject, texts: readonly string[]): readonly JsonObject[] {
  const [first, ...others] = chatItems(message);
  if (first === undefined) return [];
  const isJoined = texts.length > 1 && contentText(first['content']) === texts.join(textSeparator);
  if (!isJoined) return [first, ...others];
  const pieces = texts.map((content, index) =>
    index === 0 ? { ...first, content } : { role: 'assistant', content },
  );
  return [...pieces, ...others];
}
