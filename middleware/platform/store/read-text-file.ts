import { readFileSync } from 'node:fs';
import { codeOf } from '../../kernel/errors.ts';
import { UserError } from '../../kernel/user-error.ts';
import { visibleLine } from '../../kernel/visible-text.ts';

/** The text of a file; `undefined` where there is none. Throws a UserError for what is no text or cannot be read. */
export function readTextFile(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new UserError(`${visibleLine(file, 300)} cannot be read (${codeOf(error) ?? String(error)})`);
  }
  const text = bytes.toString('utf8');
  // Written back, anything but UTF-8 would change bytes that are not ours.
  if (!Buffer.from(text).equals(bytes))
    throw new UserError(`${visibleLine(file, 300)} is not UTF-8 text; it is left alone`);
  return text;
}

/** The text of a file; empty where there is none, and for what is no text or cannot be read, which whoever needs it tells. */
export function textIfReadable(file: string): string {
  try {
    return readTextFile(file) ?? '';
  } catch (error) {
    if (error instanceof UserError) return '';
    throw error;
  }
}
