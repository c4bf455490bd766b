import { quantile } from '../figures.ts';
import type { ToolCalls, ToolCallScenario } from './tool-call-bench.ts';
import type { ToolCallTimes } from './timed-upstream.ts';

/** What a scenario came to, as lines of text, in milliseconds. */
export function toolCallTable({ title }: ToolCallScenario, calls: ToolCalls): string {
  const rows = [
    ['', 'calls', 'least', 'p50', 'p90', 'to the tool p50', 'from it p50'],
    ...[...calls].map(([caller, times]) => [
      caller,
      String(times.length),
      ms(times, both, 0),
      ms(times, both, 0.5),
      ms(times, both, 0.9),
      ms(times, ({ toToolUs }) => toToolUs, 0.5),
      ms(times, ({ fromToolUs }) => fromToolUs, 0.5),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('   '),
  );
  return [`\n${title}: ms beside the tool's own time`, ...lines].join('\n');
}

function both({ toToolUs, fromToolUs }: ToolCallTimes): number {
  return toToolUs + fromToolUs;
}

function ms(times: readonly ToolCallTimes[], read: (one: ToolCallTimes) => number, part: number): string {
  return ((quantile(times.map(read), part) ?? NaN) / 1_000).toFixed(2);
}
