import type { Slices } from './bench.ts';
import { compare, type Comparison } from './compare.ts';
import type { Figure } from './figures.ts';
import type { Scenario } from './scenarios.ts';
import { reference } from './targets.ts';

/** A scenario's result as lines of text: a row for each target, a column for each figure. */
export function tableOf({ title, figures }: Scenario, slices: Slices): string {
  const rows = [
    ['', ...figures.map((figure) => figure.title)],
    ...[...slices.keys()].map((target) => [
      target,
      ...figures.map((figure) => cellOf(figure, target, compare(figure, target, slices))),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => pad(cell, widths[column]!, column)).join('   '));
  return [`\n${title}`, ...lines, ...failuresOf(slices)].join('\n');
}

function cellOf(figure: Figure, target: string, { value, ratio, spread }: Comparison): string {
  if (value === undefined) return '-';
  const sign = figure.overDirect && target !== 'direct' && value >= 0 ? '+' : '';
  const number = `${sign}${value.toFixed(figure.digits)}`;
  if (ratio === undefined) return number;
  if (target === reference) return `${number} × 1`;
  const range = spread === undefined ? '' : ` (${spread.map((end) => end.toFixed(2)).join('–')})`;
  return `${number} × ${ratio.toFixed(2)}${range}`;
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}

/** A request that failed makes every other number doubtful, so it is never left unsaid. */
function failuresOf(slices: Slices): string[] {
  return [...slices].flatMap(([target, list]) => {
    const failures = list.flatMap((slice) => slice.failures);
    return failures.length === 0
      ? []
      : [`${target}: ${failures.length} requests failed, the first: ${failures[0]}`];
  });
}
