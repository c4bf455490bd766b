import { isJsonObject, parseJson, type JsonObject } from '../../kernel/json-object.ts';

/** Takes out of an upstream's words what they may not say. */
export type CleanWords = (text: string) => string;

/** No error is nested like this; what is would fill the stack. */
const maxDepth = 100;

/** A body, or the data of a frame: within JSON each text by itself, so that it stays JSON. The same text where nothing is to be taken out. */
export function cleanText(text: string, clean: CleanWords): string {
  const value = parseJson(text);
  const cleaned = value === undefined ? tooDeep : cleanedValue(value, clean, 0);
  if (cleaned === tooDeep) return clean(text);
  return cleaned === value ? text : JSON.stringify(cleaned);
}

/** In place of what is nested too deep. */
const tooDeep = Symbol('too deep');

function cleanedValue(value: unknown, clean: CleanWords, depth: number): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return tooDeep;
  if (isJsonObject(value)) return cleanedObject(value, clean, depth);
  const items = value as readonly unknown[];
  const cleaned = items.map((item) => cleanedValue(item, clean, depth + 1));
  if (cleaned.includes(tooDeep)) return tooDeep;
  return cleaned.every((item, index) => item === items[index]) ? value : cleaned;
}

function cleanedObject(value: JsonObject, clean: CleanWords, depth: number): unknown {
  const members = Object.entries(value);
  const cleaned = members.map(
    ([name, member]) => [clean(name), cleanedValue(member, clean, depth + 1)] as const,
  );
  if (cleaned.some(([, member]) => member === tooDeep)) return tooDeep;
  const isSame = cleaned.every(
    ([name, member], index) => name === members[index]?.[0] && member === members[index][1],
  );
  return isSame ? value : Object.fromEntries(cleaned);
}
