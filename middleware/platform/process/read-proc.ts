import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of the whole process: each takes a descriptor, of which sockets need some, and no more than a few are read at a time. */
const maxOpen = 8;
const retryMs = 50;
let open = 0;
const waiting: (() => void)[] = [];

/** A file of `/proc`; `undefined` where the process has ended, or is not ours to look at. */
export async function readProc(path: string): Promise<string | undefined> {
  return await whileFew(() => readFile(path, 'latin1'));
}

/** The ids of all processes. */
export async function processIds(): Promise<readonly number[]> {
  const names = await whileFew(() => readdir('/proc'));
  return (names ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
}

async function whileFew<T>(read: () => Promise<T>): Promise<T | undefined> {
  if (open >= maxOpen) await new Promise<void>((resolve) => waiting.push(resolve));
  else open += 1;
  try {
    return await unlessFull(read);
  } finally {
    const next = waiting.shift();
    if (next === undefined) open -= 1;
    else next();
  }
}

/** Where no file can be opened nothing is known yet: whoever looks for processes to end would leave them behind. */
async function unlessFull<T>(read: () => Promise<T>): Promise<T | undefined> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!['EMFILE', 'ENFILE', 'ENOMEM'].includes(code)) return undefined;
    }
    await sleep(retryMs);
  }
}
