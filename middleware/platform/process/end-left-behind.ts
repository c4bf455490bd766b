import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJsonObject } from '../../kernel/json-object.ts';
import { watchedVariable } from './end-watch.ts';
import { endProcesses } from './end-processes.ts';
import { startedWith, stillRunning, treeOf, type ProcessMark } from './process-tree.ts';

// Started by `EndWatch` when the process is gone that was watched: `end-left-behind.ts ID`, with a line for each program.

/** As long as a program has that is ended while we run: its input is closed by now. */
const graceMs = 500;
/** What starts something while it is ended is looked at again. */
const maxRounds = 10;

const watchedBy = process.argv[2] ?? '';
const told = marksIn(await text(process.stdin));

await sleep(graceMs);
for (let round = 0; round < maxRounds; round += 1) {
  const left = await leftBehind();
  if (left.length === 0) break;
  await endProcesses(left, leftBehind);
}

async function leftBehind(): Promise<readonly ProcessMark[]> {
  const trees = (await stillRunning(told)).map(({ pid }) => treeOf(pid));
  return [...(await startedWith(watchedVariable, watchedBy)), ...(await Promise.all(trees)).flat()];
}

function marksIn(lines: string): readonly ProcessMark[] {
  return lines.split('\n').flatMap((line) => {
    const { pid, startedAt } = parseJsonObject(line) ?? {};
    return typeof pid === 'number' && typeof startedAt === 'string' ? [{ pid, startedAt }] : [];
  });
}
