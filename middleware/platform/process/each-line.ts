import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { TextLines } from './text-lines.ts';

/** Passes on every line of a child's output, without its line end; resolves when the last one was passed on. */
export function eachLine(output: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = new TextLines();
  // Others may read the same output as bytes.
  const decoder = new StringDecoder('utf8');
  const pass = (line: string): void => {
    onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
  return new Promise((resolve) => {
    output
      .on('data', (piece: Buffer) => {
        for (const line of lines.take(decoder.write(piece)) ?? []) pass(line);
      })
      // A broken pipe is the end of the lines; how the child ended is told by its result.
      .on('error', () => undefined)
      .once('close', () => {
        const rest = lines.rest() + decoder.end();
        if (rest !== '') pass(rest);
        resolve();
      });
  });
}
