import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';

/** Names an item of a conversation by what it says, the same in every request. */
export function saidKey(item: JsonObject | undefined): string {
  return item === undefined ? '' : digest(saidIn(item));
}

/**
 * What an item says. Its marks for the prompt cache come and go, and whether a client writes a text alone or as a list
 * of one changes from request to request: they do not count.
 */
export function saidIn(item: JsonObject): string {
  const { content } = item;
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return JSON.stringify({ ...item, content: parts }, (name, value: unknown) =>
    name === 'cache_control' && isJsonObject(value) ? undefined : value,
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

/** A short name for a text, whatever its length. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
