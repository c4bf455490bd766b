/** Puts all of a list behind another. `push(...items)` has each of them on the stack, which a list from outside may be too long for. */
export function addAll<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}
