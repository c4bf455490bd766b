import type { Profiled } from './run-profile.ts';

const shown = 10;
const waiting = '(idle)';

/** The dearest functions as lines of text, by the time of their own. */
export function profileTable(title: string, { requests, selfUs }: Profiled): string {
  const busy = [...selfUs].filter(([name]) => name !== waiting);
  const total = busy.reduce((sum, [, us]) => sum + us, 0);
  const rows = busy
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, shown)
    .map(([name, us]) => line(us / requests, us / total, name));
  return [
    `\n${title}, ${requests} requests`,
    'µs a request    share   function',
    ...rows,
    line(total / requests, 1, 'all'),
  ].join('\n');
}

function line(us: number, part: number, name: string): string {
  return `${us.toFixed(1).padStart(12)}   ${(part * 100).toFixed(1).padStart(5)} %   ${name}`;
}
