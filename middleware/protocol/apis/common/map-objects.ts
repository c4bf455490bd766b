import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { ReplaceText } from '../answer-codec.ts';

/** The objects of a list changed, one after the other: the order of the texts in them is the order in which they are read. */
export async function mapObjects(
  list: unknown,
  map: (object: JsonObject) => Promise<JsonObject>,
): Promise<unknown> {
  if (!Array.isArray(list)) return list;
  const mapped: unknown[] = [];
  for (const one of list as unknown[]) mapped.push(isJsonObject(one) ? await map(one) : one);
  return mapped;
}

/** A list of parts with the texts of one type replaced. */
export function replaceInParts(parts: unknown, type: string, replace: ReplaceText): Promise<unknown> {
  return mapObjects(parts, async (part) =>
    part['type'] === type && typeof part['text'] === 'string'
      ? { ...part, text: await replace(part['text']) }
      : part,
  );
}
