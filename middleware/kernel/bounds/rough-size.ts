/** What a number or an object itself counts as. */
const leastSize = 8;

/**
 * How much a value of JSON takes, or a map of such values, in characters: those of its texts and names, and a few
 * for all else. Without recursion, since what comes from outside may be nested as deep as a body is long.
 */
export function roughSize(value: unknown): number {
  let size = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    size += leastSize;
    if (typeof next === 'string') size += next.length;
    if (typeof next !== 'object' || next === null) continue;
    if (next instanceof Map) for (const entry of next) left.push(entry);
    if (!Array.isArray(next)) for (const name of Object.keys(next)) size += name.length;
    for (const inner of Object.values(next)) left.push(inner);
  }
  return size;
}
