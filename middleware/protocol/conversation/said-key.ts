import { createHash } from 'node:crypto';
import type { JsonObject } from '../../kernel/json-object.ts';
import { saidForm } from './said-form.ts';

/** Asked several times in a request, for an item and for those that it stands behind. */
const keys = new WeakMap<JsonObject, string>();

/** Names an item of a conversation by what it says, the same in every request. */
export function saidKey(item: JsonObject | undefined): string {
  if (item === undefined) return '';
  const known = keys.get(item);
  if (known !== undefined) return known;
  const key = digest(saidForm(item));
  keys.set(item, key);
  return key;
}

/** Whether an item stands behind what somebody said, or a tool, and says nothing by which an answer to that is known. */
export function isPassedOver({ role, type }: JsonObject): boolean {
  return role === 'developer' || role === 'system' || type === 'configuration_update';
}

/** Names a question by the text that it stands in. Space around it does not count: some clients send it back without. */
export function questionKey(text: string): string {
  return `text ${digest(text.trim())}`;
}

/** A short name for a text, whatever its length. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
