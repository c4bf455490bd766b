import { codexMarks } from './codex-marks.ts';
import type { CodexToml, TomlLines, TomlPath } from './codex-toml.ts';
import type { KeptLines } from './kept-lines.ts';
import { isPartOf } from './toml-paths.ts';

interface OursAndKept {
  readonly ours: readonly TomlPath[];
  /** What is to be the user's statement again. */
  readonly kept: readonly KeptLines[];
}

/** A `config.toml` without the lines of what is ours and without our comments; other lines in between stay. */
export function withoutStatements(text: string, toml: CodexToml, { ours, kept }: OursAndKept): string {
  const isOurs = (path: TomlPath): boolean => ours.some((own) => isPartOf(path, own));
  const tables =
    toml.statements.find(({ isHeader, path }) => isHeader && !isOurs(path))?.start ?? text.length;
  const own = kept.flatMap(({ lines }) => lines);
  // A key of the top level stays one only above the first table.
  const inPlace = own.filter(({ start }) => start < tables);
  const moved = own.filter((lines) => !inPlace.includes(lines));
  const comments = toml.comments.filter(
    (comment) =>
      Object.values(codexMarks).some((mark) => text.startsWith(mark, comment.start)) &&
      !inPlace.some(({ start }) => start === comment.start),
  );
  let rest = text;
  const gone = [...toml.statements.filter(({ path }) => isOurs(path)), ...comments].map((lines) => ({
    start: startOf(lines, text),
    end: endOf(lines, text),
  }));
  const prefixes = inPlace.map(({ start }) => ({ start, end: start + codexMarks.kept.length }));
  for (const { start, end } of [...gone, ...prefixes].toSorted((a, b) => b.start - a.start)) {
    rest = rest.slice(0, start) + rest.slice(end);
  }
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const mark = rest.startsWith('\ufeff') ? '\ufeff' : '';
  const onTop = moved.map(({ start, end }) => text.slice(start + codexMarks.kept.length, end) + lineEnd);
  return mark + onTop.join('') + rest.slice(mark.length);
}

/** The empty line above a part of ours goes with it. */
function startOf({ start }: TomlLines, text: string): number {
  if (!text.startsWith(codexMarks.ours, start)) return start;
  const above = /(?<=\n)\r?\n$/.exec(text.slice(0, start));
  return above === null ? start : start - above[0].length;
}

function endOf({ end }: TomlLines, text: string): number {
  return end + (/^\r?\n/.exec(text.slice(end, end + 2))?.[0].length ?? 0);
}
