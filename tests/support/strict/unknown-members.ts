import type { JsonObject } from '../../../middleware/kernel/json-object.ts';

/** A fault for each member that a strict provider does not know. */
export function unknownMembers(object: JsonObject, known: readonly string[], at: string): readonly string[] {
  return Object.keys(object)
    .filter((key) => !known.includes(key))
    .map((key) => `${at}.${key}: Extra inputs are not permitted`);
}
