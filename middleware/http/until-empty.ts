import { setTimeout as sleep } from 'node:timers/promises';

const stepMs = 20;

/** Resolves once nothing runs any more, or the time for it is over. */
export async function untilEmpty(running: ReadonlySet<unknown>, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (running.size > 0 && performance.now() < deadline) await sleep(stepMs);
}
