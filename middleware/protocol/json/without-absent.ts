import type { JsonObject } from '../../kernel/json-object.ts';

/** An object without the members that are `undefined`. */
export function withoutAbsent(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
