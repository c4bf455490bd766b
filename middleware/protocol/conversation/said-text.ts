import type { JsonObject } from '../../kernel/json-object.ts';

/** The text of a message of a conversation, its parts put together; empty where it has none. */
export function saidText({ content }: JsonObject): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as unknown[])
    .map((part) => {
      const text: unknown = typeof part === 'object' && part !== null && 'text' in part ? part.text : '';
      return typeof text === 'string' ? text : '';
    })
    .join('');
}
