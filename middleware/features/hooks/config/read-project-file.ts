import { constants, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { codeOf } from '../../../kernel/errors.ts';

/** A file of a project that counts for the trust in a hook, as it was read, once. */
export interface ProjectFile {
  /** Of a file that is too large to be read each time: what changes whenever it does. */
  readonly content: Buffer;
  readonly isWhole: boolean;
  readonly isExecutable: boolean;
}

const maxBytes = 16 * 1024 * 1024;
const executableBits = 0o111;

/** `undefined` where there is no file that can be read. */
export async function readProjectFile(path: string): Promise<ProjectFile | undefined> {
  let file: FileHandle | undefined;
  try {
    // Without O_NONBLOCK the opening of a pipe waits for a writer, for ever. Windows has no such flag: there it adds nothing.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) return undefined;
    const isWhole = stats.size <= maxBytes;
    const content = isWhole ? await file.readFile() : Buffer.from(marksOf(stats));
    return { content, isWhole, isExecutable: (stats.mode & executableBits) !== 0 };
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  } finally {
    await file?.close();
  }
}

/** The change time cannot be set back by a program, as the modification time can. */
function marksOf({ size, dev, ino, mtimeMs, ctimeMs }: Stats): string {
  return [size, dev, ino, mtimeMs, ctimeMs].join(':');
}
