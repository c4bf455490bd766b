import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so; fails after ten seconds with what was waited for. */
export async function until(isSo: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not so after ${timeoutMs} ms: ${isSo.toString()}`);
    await sleep(10);
  }
}
