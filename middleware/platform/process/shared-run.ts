/**
 * Work that all who ask at the same time share. Who asks while it runs waits for the next run, which all those share: what began
 * before they asked may have missed what they ask for.
 */
export function sharedRun<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    const run = work().finally(() => {
      if (running === run) running = undefined;
    });
    running = run;
    return run;
  };
  const afterwards = async (before: Promise<T>): Promise<T> => {
    await before.catch(() => undefined);
    next = undefined;
    return await begin();
  };
  return () => (running === undefined ? begin() : (next ??= afterwards(running)));
}
