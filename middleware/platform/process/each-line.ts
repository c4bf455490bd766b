import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

/** Passes on every line of a child's output; resolves when the last one was passed on. */
export function eachLine(output: Readable, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    createInterface({ input: output, crlfDelay: Infinity })
      .on('line', onLine)
      // A broken pipe is the end of the lines; how the child ended is told by its result.
      .on('error', resolve)
      .once('close', resolve);
  });
}
