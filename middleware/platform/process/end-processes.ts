import { setTimeout as sleep } from 'node:timers/promises';
import { signalProcesses, stillRunning, type ProcessMark } from './process-tree.ts';

const killAfterMs = 1_000;

/** Sends processes SIGTERM and, to those that are there a second later and to what is found then, SIGKILL. */
export async function endProcesses(
  marks: readonly ProcessMark[],
  findMore: () => Promise<readonly ProcessMark[]> = () => Promise.resolve([]),
): Promise<void> {
  await signalProcesses(marks, 'SIGTERM');
  const deadline = performance.now() + killAfterMs;
  while (performance.now() < deadline && (await stillRunning(marks)).length > 0) await sleep(20);
  await signalProcesses([...marks, ...(await findMore())], 'SIGKILL');
}
