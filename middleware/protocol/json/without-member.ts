import type { JsonObject } from '../../kernel/json-object.ts';

/** The object without one of its members, the others in their order. */
export function withoutMember(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
