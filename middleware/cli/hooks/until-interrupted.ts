/** Does work that an interrupt of the terminal ends. Processes of hooks and servers are in groups of their own, which it does not reach. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const abort = (): void => {
    interrupted.abort();
  };
  // Not once: a listener that is gone lets execa's own end this process before the work has ended.
  process.on('SIGINT', abort).on('SIGTERM', abort);
  try {
    return await work(interrupted.signal);
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort);
  }
}
