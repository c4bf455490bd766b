import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';

/** The last thing that the model said in an answer, whatever the API; empty where it said nothing. */
export function lastText(items: readonly JsonObject[]): string {
  return items.map(textIn).findLast((text) => text !== '') ?? '';
}

function textIn({ content, text }: JsonObject): string {
  if (typeof content === 'string') return content;
  if (typeof text === 'string') return text;
  if (!Array.isArray(content)) return '';
  return (content as unknown[])
    .map((part) => (isJsonObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}
