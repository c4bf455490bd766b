import type { JsonObject } from '../../../kernel/json-object.ts';

/** A member that is a number; `undefined` for anything else. */
export function numberAt(parent: JsonObject, key: string): number | undefined {
  const value = parent[key];
  return typeof value === 'number' ? value : undefined;
}
