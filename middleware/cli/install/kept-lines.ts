import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { codexMarks } from './codex-marks.ts';
import type { CodexToml, TomlLines } from './codex-toml.ts';

/** A statement of the user's that `init` made a comment of. */
export interface KeptLines {
  readonly key: string;
  readonly value: unknown;
  readonly lines: readonly TomlLines[];
}

/** The statements that are kept in comments; one that is no TOML any more stays the comment that it is. */
export function keptLines(toml: CodexToml, text: string): KeptLines[] {
  const found: KeptLines[] = [];
  let open: TomlLines[] = [];
  for (const comment of toml.comments) {
    if (!text.startsWith(codexMarks.kept, comment.start)) continue;
    open.push(comment);
    // A value may go over several lines.
    const entry = entryOf(open.map((line) => ownText(line, text)).join('\n'));
    if (entry === undefined) continue;
    const [key, value] = entry;
    found.push({ key, value, lines: open });
    open = [];
  }
  return found;
}

function ownText({ start, end }: TomlLines, text: string): string {
  return text.slice(start + codexMarks.kept.length, end);
}

function entryOf(text: string): readonly [string, unknown] | undefined {
  try {
    return Object.entries(getStaticTOMLValue(parseTOML(text)))[0];
  } catch {
    return undefined;
  }
}
