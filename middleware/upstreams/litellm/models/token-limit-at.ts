import type { JsonObject } from '../../../kernel/json-object.ts';

/** How many tokens a member allows; `undefined` where it is no whole number above zero. */
export function tokenLimitAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
