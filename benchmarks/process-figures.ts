import { readFileSync } from 'node:fs';

/** Linux counts a process's time in hundredths of a second, whatever its timer runs at. */
const ticksPerSecond = 100;

/** CPU seconds that a process has used, all its threads; `undefined` where there is no /proc. */
export function cpuSecondsOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name of the program may have spaces; behind its bracket stand the state and then numbers.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory of a process in KB; `undefined` where there is no /proc. */
export function residentKbOf(pid: number): number | undefined {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return line === undefined ? undefined : Number(line);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
