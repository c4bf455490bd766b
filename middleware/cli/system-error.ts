import { visibleLine } from '../kernel/visible-text.ts';
import { CliError } from './cli-error.ts';

/** What to do about a failure of the operating system that people meet. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'no space is left',
  EDQUOT: 'your quota is used up',
  ENOTDIR: 'a file stands where a folder belongs',
  EISDIR: 'it is a folder',
  EEXIST: 'something of that name stands there',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENOENT: 'it is not there',
};

/** A failure of the operating system as one line; `undefined` for every other error, which is a fault of ours. */
export function systemError(error: unknown): CliError | undefined {
  const { code, syscall, path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  if (code === undefined || syscall === undefined) return undefined;
  const place = dest ?? path;
  const reason = `${meanings[code] ?? `${syscall} failed`} (${code})`;
  return new CliError(place === undefined ? reason : `${visibleLine(place, 300)}: ${reason}`);
}
