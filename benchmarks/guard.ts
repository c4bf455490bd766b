import type { Slices } from './bench.ts';
import { figures } from './figures.ts';
import { reference } from './targets.ts';

/** What the guard plays: long enough that steps of 10 ms do not count, short enough to stand in every run of the gate. */
export const guarded = {
  scenario: 'saturation',
  target: 'codex-plus',
  rounds: 5,
  limitMs: 1_000,
  /** Each with processes of its own. */
  looks: 3,
} as const;

/** How many times the bare pipe's time of the processor a request may take. Two cores had 2.6 to 2.9, alone and beside other work. */
const mostTimes = 4;

export interface Verdict {
  readonly isDearer: boolean;
  readonly text: string;
}

/**
 * Whether requests cost clearly more than they did. Each target counts by its cheapest round: other work on the machine makes
 * rounds dearer, and none cheaper.
 */
export function judge(slices: Slices): Verdict {
  const [own, pipe] = [leastOf(guarded.target, slices), leastOf(reference, slices)];
  if (own === undefined || pipe === undefined || pipe <= 0)
    return { isDearer: false, text: 'this machine does not tell what time of the processor a process takes' };
  const times = own / pipe;
  const figure = `a request takes ${own.toFixed(0)} µs of the processor, ${times.toFixed(2)} times what the bare pipe takes (${pipe.toFixed(0)} µs)`;
  return times <= mostTimes
    ? { isDearer: false, text: `${figure}; ${mostTimes} times are the bound` }
    : {
        isDearer: true,
        text: `${figure}; more than ${mostTimes} times mean that something on the way of every request got dearer: npm run bench -- --only ${guarded.scenario} --profile tells what`,
      };
}

function leastOf(target: string, slices: Slices): number | undefined {
  const costs = (slices.get(target) ?? []).flatMap((slice) =>
    slice.requests === 0 ? [] : (figures.cpu.read([slice]) ?? []),
  );
  return costs.length === 0 ? undefined : Math.min(...costs);
}
