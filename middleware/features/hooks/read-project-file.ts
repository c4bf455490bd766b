import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { codeOf } from '../../kernel/errors.ts';

const maxBytes = 16 * 1024 * 1024;

/**
 * The content of a file for a hook's hash; `undefined` where there is none that can be read. A file that is too large to be
 * read each time stands for itself by what changes whenever it does.
 */
export function readProjectFile(path: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK the opening of a pipe waits for a writer, for ever. Windows has no such flag: there it adds nothing.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return undefined;
    if (stats.size > maxBytes) return Buffer.from(marksOf(stats));
    return readFileSync(descriptor);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The change time cannot be set back by a program, as the modification time can. */
function marksOf({ size, dev, ino, mtimeMs, ctimeMs }: Stats): string {
  return [size, dev, ino, mtimeMs, ctimeMs].join(':');
}
