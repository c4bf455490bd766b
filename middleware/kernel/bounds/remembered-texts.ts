import { BoundedMap } from './bounded-map.ts';

const maxTexts = 200;
/** Of the texts, in bytes. */
const maxSize = 512 * 1024;

/** A function of texts of which the same come again and again: what it made of those used last is kept, and is the same each time. */
export function rememberedTexts<Value extends object>(
  make: (text: string) => Value,
): (text: string) => Value {
  const made = new BoundedMap<string, Value>(maxTexts, { maxSize, sizeOf: (_, text) => 2 * text.length });
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const value = make(text);
    made.set(text, value);
    return value;
  };
}
