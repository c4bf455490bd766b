import { execa } from 'execa';
import { treeOf } from './process-tree.ts';
import { readProc } from './read-proc.ts';

const bytesPerKb = 1024;

/**
 * Memory in bytes of a process with all that it started, also in groups of their own; `undefined` where none is there, or nothing tells it (Windows). Of pages that
 * several processes share each has its part, so that they count once; on macOS, which does not tell it, they count for each.
 */
export async function treeMemory(pid: number): Promise<number | undefined> {
  const pids = (await treeOf(pid)).map((mark) => mark.pid);
  const sizes = process.platform === 'linux' ? await Promise.all(pids.map(fromProc)) : await fromPs(pids);
  const known = sizes.filter((size) => size !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, size) => sum + size, 0) * bytesPerKb;
}

/** A process that is not ours to look into tells no parts, but all that is resident. */
async function fromProc(pid: number): Promise<number | undefined> {
  const part = /^Pss:\s+(\d+) kB/m.exec((await readProc(`/proc/${pid}/smaps_rollup`)) ?? '');
  if (part !== null) return Number(part[1]);
  const resident = /^VmRSS:\s+(\d+) kB/m.exec((await readProc(`/proc/${pid}/status`)) ?? '');
  return resident === null ? undefined : Number(resident[1]);
}

async function fromPs(pids: readonly number[]): Promise<readonly number[]> {
  if (pids.length === 0) return [];
  const { stdout } = await execa('ps', ['-o', 'rss=', '-p', pids.join(',')], { reject: false });
  return stdout.split('\n').flatMap((line) => (/^\s*\d+\s*$/.test(line) ? [Number(line)] : []));
}
