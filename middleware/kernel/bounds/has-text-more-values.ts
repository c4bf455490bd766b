import { endOfString } from './end-of-string.ts';

const quote = 0x22;
/** Commas and what opens a list or an object: there are as many of them as values, or one less. */
const beginsValue: ReadonlySet<number> = new Set([0x2c, 0x5b, 0x7b]);

/** Whether a text of JSON has more than so many values: known without a parse, which takes long where they are small and many. */
export function hasTextMoreValues(json: string, max: number): boolean {
  // No value is shorter than two characters with what stands around it.
  return json.length > max && countTextValues(json, max) > max;
}

/** About how many values a text of JSON has; of more than `max` it tells only that there are more. */
export function countTextValues(json: string, max: number): number {
  let count = 0;
  for (let at = 0; at < json.length && count <= max; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfString(json, at);
    else if (beginsValue.has(code)) count += 1;
  }
  return count;
}
