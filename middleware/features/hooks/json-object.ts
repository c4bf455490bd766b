export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells a JSON object from any other JSON value. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is called in messages: its JSON type, and `undefined` for none. */
export function jsonTypeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
