import { contentText } from '../apis/common/content-text.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';

/** The text of a message of a conversation, its parts put together; empty where it has none. */
export function saidText(item: JsonObject): string {
  return contentText(item['content']);
}

/** The texts of its parts. */
export function saidTexts({ content }: JsonObject): readonly string[] {
  if (typeof content === 'string') return [content];
  if (!Array.isArray(content)) return [];
  return (content as unknown[]).flatMap((part) =>
    isJsonObject(part) && typeof part['text'] === 'string' ? [part['text']] : [],
  );
}
