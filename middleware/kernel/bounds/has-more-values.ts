/** Whether a value of JSON has more than so many values in it, itself counted; looks at no more of them. */
export function hasMoreValues(value: unknown, max: number): boolean {
  return countValues(value, max) > max;
}

/** How many values a value of JSON has in it, itself counted; of more than `max` it tells only that there are more. */
export function countValues(value: unknown, max: number): number {
  let count = 0;
  const left: unknown[] = [value];
  while (left.length > 0 && count <= max) {
    const next = left.pop();
    count += 1;
    if (typeof next !== 'object' || next === null) continue;
    for (const inner of Object.values(next)) left.push(inner);
  }
  return count;
}
