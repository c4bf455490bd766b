import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Bytes that this process holds once what nobody needs is collected: what is closed is let go some turns of the
 * loop later.
 */
export async function settledMemory(): Promise<number> {
  for (let i = 0; i < 4; i += 1) {
    globalThis.gc?.();
    await sleep(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
