import { quantile } from '../figures.ts';
import { hookScenario, withoutHook, type HookTimes } from './hook-bench.ts';

/** What the scenario came to, as lines of text, in milliseconds. */
export function hookTable(times: HookTimes): string {
  const plain = times.get(withoutHook) ?? [];
  const rows = [
    ['', 'calls', 'least', 'p50', 'p90', 'the hook, least', 'the hook, p50'],
    ...[...times].map(([user, ofUser]) => [
      user,
      String(ofUser.length),
      ...[0, 0.5, 0.9].map((part) => ms(quantile(ofUser, part))),
      ...[0, 0.5].map((part) => (user === withoutHook ? '' : ms(more(ofUser, plain, part)))),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('   '),
  );
  return [`\n${hookScenario.title}`, ...lines].join('\n');
}

function more(times: readonly number[], plain: readonly number[], part: number): number {
  return (quantile(times, part) ?? NaN) - (quantile(plain, part) ?? NaN);
}

function ms(us: number | undefined): string {
  return ((us ?? NaN) / 1_000).toFixed(2);
}
