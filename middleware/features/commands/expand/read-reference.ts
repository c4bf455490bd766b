import { realpath, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { orAbsent } from '../../../kernel/or-absent.ts';
import { nodeFileAccess } from '../../../platform/config/scopes/files/file-access.ts';
import { reminder, type Attachment } from './attachment.ts';
import { notebookText } from './notebook-text.ts';

/** Lines counted from 1, both ends included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

interface ReferenceOptions {
  /** Absolute. */
  readonly path: string;
  readonly lines: LineRange | undefined;
  readonly mayRead: (path: string) => boolean | Promise<boolean>;
}

const imageTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};

/** Up to here a text goes whole, and up to the next bound its first lines do: about 25,000 tokens. */
const maxWholeBytes = 100_000;
const maxTextBytes = 256 * 1024;
const maxLines = 2_000;
/** More than a model takes as one picture, and a bound for files of which some lines are asked. */
const maxFileBytes = 16 * 1024 * 1024;
const maxImageBytes = 5 * 1024 * 1024;
const maxNames = 1_000;

/** What a path names, as if the model had read it itself; nothing where there is nothing to read, or it must not be read. */
export async function readReference({
  path,
  lines,
  mayRead,
}: ReferenceOptions): Promise<readonly Attachment[]> {
  const target = await orAbsent(realpath(path));
  if (target === undefined || !(await mayRead(path))) return [];
  if (target !== path && !(await mayRead(target))) return [];
  const stats = await orAbsent(stat(target));
  if (stats?.isDirectory()) return listFolder(path, target);
  if (!stats?.isFile()) return [];
  if (stats.size > maxFileBytes) return [tooLarge(path, stats.size)];
  const reading = await nodeFileAccess.read(target, maxFileBytes);
  return reading.kind === 'bytes' ? readBytes(path, reading.bytes, lines) : [];
}

async function listFolder(path: string, target: string): Promise<readonly Attachment[]> {
  const names = await nodeFileAccess.names(target);
  if (names === undefined) return [];
  const left = names.length - maxNames;
  const list = names.slice(0, maxNames).join('\n') + (left > 0 ? `\n… and ${left} more` : '');
  const input = JSON.stringify({ command: `ls ${path}`, description: `Lists files in ${path}` });
  return [
    reminder(`Called the Bash tool with the following input: ${input}`),
    reminder(`Result of calling the Bash tool:\n${list}`),
  ];
}

function readBytes(path: string, bytes: Buffer, lines: LineRange | undefined): readonly Attachment[] {
  const extension = extname(path).toLowerCase();
  const mediaType = imageTypes[extension];
  if (mediaType !== undefined) {
    if (bytes.length > maxImageBytes) return [tooLarge(path, bytes.length)];
    return [called({ file_path: path }), { kind: 'image', mediaType, base64: bytes.toString('base64') }];
  }
  if (isBinary(bytes)) return [];
  const text = bytes.toString('utf8').replaceAll('\r\n', '\n');
  if (extension === '.ipynb') {
    const cells = notebookText(text);
    if (cells !== undefined) return readWhole(path, cells, Buffer.byteLength(cells), (content) => content);
  }
  return lines === undefined ? readWhole(path, text, bytes.length, numbered) : readLines(path, text, lines);
}

function readWhole(
  path: string,
  text: string,
  size: number,
  show: (text: string) => string,
): readonly Attachment[] {
  if (size > maxTextBytes) return [tooLarge(path, size)];
  if (text === '') return [called({ file_path: path }), warned('the contents are empty')];
  if (size <= maxWholeBytes) return [called({ file_path: path }), result(show(text))];
  const beginning = text.split('\n').slice(0, maxLines).join('\n');
  return [
    called({ file_path: path }),
    result(show(beginning)),
    reminder(
      `Note: The file ${path} was too large and has been truncated to the first ${maxLines} lines. No need to mention the truncation. Use Read to read more of the file if you need.`,
    ),
  ];
}

function readLines(path: string, text: string, { first, last }: LineRange): readonly Attachment[] {
  const all = text.split('\n');
  const asked = all.slice(first - 1, last).join('\n');
  const input = { file_path: path, offset: first, limit: last - first + 1 };
  if (first > all.length) {
    const reason = `is shorter than the provided offset (${first}). The file has ${all.length} lines`;
    return [called(input), warned(reason)];
  }
  if (asked.length > maxTextBytes) return [tooLarge(path, asked.length)];
  return [called(input), result(numbered(asked, first))];
}

function numbered(text: string, first = 1): string {
  return text
    .split('\n')
    .map((line, index) => `${first + index}\t${line}`)
    .join('\n');
}

/** As git decides it: a NUL among the first 8,000 bytes. */
function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, 8_000).includes(0);
}

function called(input: Readonly<Record<string, unknown>>): Attachment {
  return reminder(`Called the Read tool with the following input: ${JSON.stringify(input)}`);
}

function result(text: string): Attachment {
  return reminder(`Result of calling the Read tool:\n${text}`);
}

function warned(reason: string): Attachment {
  const warning = `<system-reminder>Warning: the file exists but ${reason}.</system-reminder>`;
  return reminder('Result of calling the Read tool:\n', warning);
}

function tooLarge(path: string, size: number): Attachment {
  const shown = `${Number((size / 1024).toFixed(1))}KB`;
  return reminder(
    `The user @-mentioned ${path} (${shown}). Its contents were not attached because the file is too large to read all at once. Read it in portions with the offset and limit parameters, starting with a few hundred lines, or search for specific content instead of reading the whole file. Only if you genuinely need all of it, call Read with allow_large: true, which reads it whole when it still fits in your context.`,
  );
}
