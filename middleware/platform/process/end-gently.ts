import { setTimeout as sleep } from 'node:timers/promises';
import type { BoundedChild } from './bounded-child.ts';
import { endProcesses } from './end-processes.ts';
import { treeOf } from './process-tree.ts';

/**
 * Ends a program that serves its standard input as long as that is open: closes it, and ends what is still there
 * after the grace time, with all that the program started. Resolves when all of it has ended.
 */
export async function endGently(child: BoundedChild, graceMs: number): Promise<void> {
  // Looked up while the program is there: afterwards nothing tells whose children they were.
  const marks = child.pid === undefined ? [] : await treeOf(child.pid);
  child.closeInput();
  const isOver = new AbortController();
  await Promise.race([
    child.ended,
    sleep(graceMs, undefined, { signal: isOver.signal }).catch(() => undefined),
  ]);
  isOver.abort();
  await child.end('aborted', 'was stopped');
  await endProcesses(marks);
}
