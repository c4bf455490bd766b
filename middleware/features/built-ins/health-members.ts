import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';

/** What `GET /health` tells: for people and scripts, so that nothing in it is sure to be there. */
export type Health = JsonObject;

/** The object at a key; an empty one where there is none. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

/** The objects of the list at a key. */
export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The texts of the list at a key. */
export function textsAt(object: JsonObject, key: string): readonly string[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** The text at a key. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}
