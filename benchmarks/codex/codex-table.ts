import { quantile } from '../figures.ts';
import { parallelCalls, type CodexFigures } from './codex-bench.ts';

/** What calls of Codex came to, as lines of text; the first way is the one that the others are compared with. */
export function codexTable(figures: ReadonlyMap<string, CodexFigures>): string {
  const [bare = []] = [...figures.values()].map(({ firstMs }) => firstMs);
  const rows = [
    [
      '',
      'calls',
      'p50',
      'p95',
      'beyond p50',
      'p95',
      `${parallelCalls} at once p50`,
      'p95',
      'failed',
      'worker MB',
    ],
    ...[...figures].map(([name, { firstMs, togetherMs, failed, workerBytes }]) => [
      ...[name, String(firstMs.length)],
      ...both(firstMs),
      ...both(firstMs.map((ms, at) => ms - (bare[at] ?? NaN))),
      ...both(togetherMs),
      String(failed),
      workerBytes === undefined ? 'unknown' : (workerBytes / 2 ** 20).toFixed(0),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('   '),
  );
  return ['\nCodex as a model: ms to the first piece of an answer, worker warm', ...lines].join('\n');
}

function both(values: readonly number[]): readonly string[] {
  return [0.5, 0.95].map((part) => (quantile(values, part) ?? NaN).toFixed(1));
}
