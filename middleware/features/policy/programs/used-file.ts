import type { ShellWord } from '../../../platform/shell/shell-command.ts';
import type { Role } from './file-uses.ts';

/** A word that names a file, and what happens to the file. */
export interface UsedFile {
  readonly role: Role;
  readonly word: ShellWord;
}
