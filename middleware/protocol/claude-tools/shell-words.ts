/** A word as a shell reads it back unchanged. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Whether a program is a shell whose lines can be read as those of bash. */
export function isShell(program: string): boolean {
  return /^(?:\/(?:usr\/(?:local\/)?)?bin\/)?(?:ba|z|da|k)?sh$/.test(program);
}

/** Whether it is bash; `sh` is one of several. */
export function isBash(program: string): boolean {
  return isShell(program) && /(?:^|\/)bash$/.test(program);
}

/** What makes the line behind it run in a folder. */
export function inFolder(folder: string): string {
  return `cd ${quoted(folder)} && `;
}
