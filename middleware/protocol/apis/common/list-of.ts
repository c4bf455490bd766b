/** A list of what is there. */
export function listOf<T>(one: T | undefined): readonly T[] {
  return one === undefined ? [] : [one];
}
