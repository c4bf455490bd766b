/**
 * Does something that has keys, once nothing else is done that has one of them; what is done has its keys in
 * `underWay` until it settles. Rejects as the work does; whoever waits goes on all the same.
 */
export async function oneAtATime<T>(
  underWay: Map<string, Promise<unknown>>,
  keys: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const earlier = (): readonly Promise<unknown>[] => keys.flatMap((key) => underWay.get(key) ?? []);
  while (earlier().length > 0) await Promise.allSettled(earlier());
  const done = work();
  for (const key of keys) underWay.set(key, done);
  try {
    return await done;
  } finally {
    for (const key of keys) underWay.delete(key);
  }
}
