import { visibleJson } from '../kernel/visible-text.ts';
import type { CliContext } from './context.ts';

/** Prints a result: one JSON value with `--json`, otherwise the text. */
export function printResult(
  { stdout }: Pick<CliContext, 'stdout'>,
  options: { readonly json?: boolean | undefined },
  value: unknown,
  text: string,
): void {
  stdout.write(
    options.json === true ? `${visibleJson(JSON.stringify(value, null, 2))}\n` : withLineEnd(text),
  );
}

/** Columns aligned by their widest cell, two spaces apart; no spaces at the ends of lines. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
