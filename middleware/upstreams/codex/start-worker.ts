import type { Log } from '../../kernel/log.ts';
import type { WorkerCommand } from './worker-command.ts';
import { Worker } from './worker.ts';

const readyWithinMs = 20_000;

/** Resolves with a worker that takes threads. Rejects with a sentence where it ends before, or does not come up in time. */
export async function startWorker(
  command: WorkerCommand,
  parts: { readonly log: Log; readonly logsMessages: boolean },
): Promise<Worker> {
  const worker = new Worker(command, parts);
  try {
    await worker.untilReady(readyWithinMs);
    return worker;
  } catch (error) {
    await worker.stop();
    throw error;
  }
}
