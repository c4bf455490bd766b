/** Whether a value of JSON has texts of more than so many characters in it, names of members counted, and other values as one. */
export function hasMoreText(value: unknown, maxLength: number): boolean {
  let length = 0;
  const left: unknown[] = [value];
  while (left.length > 0 && length <= maxLength) {
    const next = left.pop();
    length += typeof next === 'string' ? next.length : 1;
    if (typeof next !== 'object' || next === null) continue;
    for (const [name, inner] of Object.entries(next)) {
      if (!Array.isArray(next)) length += name.length;
      left.push(inner);
    }
  }
  return length > maxLength;
}
