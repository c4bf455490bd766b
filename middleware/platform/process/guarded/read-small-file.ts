import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { codeOf } from '../../../kernel/errors.ts';
import { rawPath } from './raw-path.ts';

/**
 * The beginning of a file, given by its escaped path, a character a byte; `undefined` where there is no file that
 * can be read.
 */
export async function readSmallFile(path: string, maxBytes: number): Promise<string | undefined> {
  let file: FileHandle | undefined;
  try {
    // Without O_NONBLOCK the opening of a pipe waits for a writer, for ever. Windows has no such flag: there it adds nothing.
    file = await open(rawPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(stats.size, maxBytes)));
    return buffer.toString('latin1', 0, bytesRead);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  } finally {
    await file?.close();
  }
}
