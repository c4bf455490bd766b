import { readClaudeRecord } from './recorded-escapes.ts';
import { isCounted, type ScoredEscape } from './score-escapes.ts';

/** The score as a table of Markdown. Where Claude Code saw none of the lines, it has no columns. */
export function scoreTable(all: readonly ScoredEscape[]): string {
  const counted = all.filter(isCounted);
  const hasClaude = counted.some(({ claude }) => claude !== undefined);
  const rows = Object.entries(Object.groupBy(counted, groupOf)).map(([group, lines = []]) => [
    group,
    ...cellsOf(lines, hasClaude),
  ]);
  const head = ['', 'lines', 'denied', 'asked', 'ran'];
  const claude = [`Claude Code ${readClaudeRecord().version}: lines`, 'denied', 'asked', 'ran'];
  const idle = `${all.length - counted.length} lines more were seen to do nothing, and do not count.`;
  return `${table([[...head, ...(hasClaude ? claude : [])], ...rows])}\n\n${idle}`;
}

function cellsOf(lines: readonly ScoredEscape[], hasClaude: boolean): readonly string[] {
  const ours = lines.map(({ outcome }) => outcome);
  const theirs = lines.flatMap(({ claude }) => claude ?? []);
  return [ours, ...(hasClaude ? [theirs] : [])].flatMap((outcomes) =>
    outcomes.length === 0
      ? ['–', '–', '–', '–']
      : [
          `${outcomes.length}`,
          ...['denied', 'asked', 'ran'].map(
            (one) => `${outcomes.filter((outcome) => outcome === one).length}`,
          ),
        ],
  );
}

function groupOf({ escape: { family, behavior, mustNot } }: ScoredEscape): string {
  if (mustNot === undefined) return `harmless, \`${behavior}\``;
  return `${family}, \`${behavior}\``;
}

function table(rows: readonly (readonly string[])[]): string {
  const columns = rows[0] ?? [];
  const widths = columns.map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = rows;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest.map(line)].join(
    '\n',
  );
}
