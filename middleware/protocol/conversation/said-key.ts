import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';

/** Names an item of a conversation by what it says, the same in every request: marks for the prompt cache come and go. */
export function saidKey(item: JsonObject | undefined): string {
  if (item === undefined) return '';
  const { content } = item;
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return digest(
    JSON.stringify({ ...item, content: parts }, (name, value: unknown) =>
      name === 'cache_control' && isJsonObject(value) ? undefined : value,
    ),
  );
}

/** Whether an item stands behind what somebody said, or a tool, and says nothing by which an answer to that is known. */
export function isPassedOver({ role, type }: JsonObject): boolean {
  return role === 'developer' || role === 'system' || type === 'configuration_update';
}

/** Names a question by the text that it stands in. */
export function questionKey(text: string): string {
  return `text ${digest(text)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
