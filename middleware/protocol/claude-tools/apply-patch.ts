/** What a patch of Codex's `apply_patch` does to one file. */
export interface PatchedFile {
  readonly kind: 'add' | 'update' | 'delete';
  /** As the patch writes it. */
  readonly path: string;
  readonly moveTo: string | undefined;
  /** The lines that were and that will be, those around a change in both. */
  readonly oldLines: readonly string[];
  readonly newLines: readonly string[];
  /** The places that are changed. */
  readonly hunks: number;
  /** Its lines in the patch, the header first; `end` is the line behind. */
  readonly start: number;
  readonly end: number;
}

const header = /^\s*\*\*\* (Add|Update|Delete) File:\s*(.+?)\s*$/;
const move = /^\s*\*\*\* Move to:\s*(.+?)\s*$/;

/**
 * The files that a patch names, wherever in the text it stands. It is read as forgivingly as Codex reads it, and
 * more: a file that is named too much is checked too much, one that is overlooked is not checked.
 */
export function readPatch(text: string): readonly PatchedFile[] {
  const files: OpenFile[] = [];
  const lines = text.split(/\r?\n/);
  let open: OpenFile | undefined;
  for (const [number, line] of lines.entries()) {
    // Of an update, a line that begins with a space is one of the file, whatever it says.
    const isContent = open?.kind === 'update' && line.startsWith(' ');
    const found = isContent ? null : header.exec(line);
    const ends = found !== null || (!isContent && /^\s*\*\*\* End Patch/.test(line));
    if (open !== undefined) {
      if (ends) open.end = number;
      else takeLine(open, line);
    }
    if (!ends) continue;
    open = found === null ? undefined : begun(found, number, lines.length);
    if (open !== undefined) files.push(open);
  }
  return files;
}

/** A file whose lines are being read. */
type OpenFile = { -readonly [Key in keyof PatchedFile]: PatchedFile[Key] } & {
  readonly oldLines: string[];
  readonly newLines: string[];
};

function begun([, word = '', path = '']: RegExpExecArray, start: number, end: number): OpenFile {
  const kind = word.toLowerCase() as PatchedFile['kind'];
  return { kind, path, moveTo: undefined, oldLines: [], newLines: [], hunks: 0, start, end };
}

function takeLine(file: OpenFile, line: string): void {
  const moved = line.startsWith(' ') ? null : move.exec(line);
  if (moved !== null) {
    file.moveTo = moved[1];
    return;
  }
  if (line.startsWith('***')) return;
  if (line.startsWith('@@')) {
    file.hunks += 1;
    return;
  }
  // The first change of a file may stand without a mark.
  file.hunks = Math.max(file.hunks, 1);
  const rest = line.slice(1);
  if (!line.startsWith('+')) file.oldLines.push(rest);
  if (!line.startsWith('-')) file.newLines.push(rest);
}
