import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../kernel/log.ts';
import type { Worker } from './worker.ts';

interface EndHungOptions {
  /** It is asked for a word when it was silent for half of this, and ended when all of it is over. */
  readonly silentMs: number;
  readonly log: Log;
}

/**
 * Ends a worker that hangs: one that says nothing, of whatever turn, though it was asked. Its turns fail with it instead of
 * waiting for their own times, and whoever comes next gets another. Resolves when the worker has ended, whatever ended it.
 */
export async function endHung(worker: Worker, { silentMs, log }: EndHungOptions): Promise<void> {
  const over = new AbortController();
  const ended = worker.ended.then(() => {
    over.abort();
  });
  if (await hangs(worker, silentMs, over.signal)) {
    const why = `answered nothing for ${silentMs / 1000} s and was ended`;
    log.error('a worker of Codex hangs', { pid: worker.pid, running: worker.running });
    await worker.kill(why);
  }
  await ended;
}

/** Resolves with whether it hangs, once it does or has ended. */
async function hangs(worker: Worker, silentMs: number, over: AbortSignal): Promise<boolean> {
  const halfMs = silentMs / 2;
  let waitMs = halfMs;
  while (await passed(waitMs, over)) {
    const quietMs = performance.now() - worker.heardAt;
    waitMs = halfMs - quietMs;
    if (waitMs > 0) continue;
    const askedAt = performance.now();
    worker.askForWord();
    if (!(await passed(halfMs, over))) return false;
    // What came in while this process was busy is read before this.
    await nextTurn();
    if (worker.heardAt < askedAt) return true;
    waitMs = halfMs;
  }
  return false;
}

/** Whether the time has passed before it was over. */
async function passed(ms: number, over: AbortSignal): Promise<boolean> {
  return await sleep(ms, true, { signal: over, ref: false }).catch(() => false);
}
