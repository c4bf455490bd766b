import type { WatchedSlice } from './slice.ts';

/** A number that is read from slices, and how it is compared. */
export interface Figure {
  readonly title: string;
  readonly digits: number;
  /** The number of some slices: of one round, or of all rounds together where `pooled`. */
  readonly read: (slices: readonly WatchedSlice[]) => number | undefined;
  /** Read from the samples of all rounds at once: a round alone has too few for a p99. */
  readonly pooled: boolean;
  /** Whether a call without any proxy has it too, so that what the proxy adds is the difference. */
  readonly overDirect: boolean;
}

const perRound = { digits: 0, pooled: false, overDirect: false } as const;

export const figures = {
  firstP50: {
    ...perRound,
    title: 'p50 µs',
    overDirect: true,
    read: (s) => quantile(s.flatMap(firstOf), 0.5),
  },
  firstP99: {
    ...perRound,
    title: 'p99 µs',
    pooled: true,
    overDirect: true,
    read: (s) => quantile(s.flatMap(firstOf), 0.99),
  },
  delayP50: {
    ...perRound,
    title: 'p50 µs',
    overDirect: true,
    read: (s) => quantile(s.flatMap(delayOf), 0.5),
  },
  delayP99: {
    ...perRound,
    title: 'p99 µs',
    pooled: true,
    overDirect: true,
    read: (s) => quantile(s.flatMap(delayOf), 0.99),
  },
  rate: { ...perRound, title: 'requests/s', read: ([s]) => s && s.requests / s.seconds },
  cpu: {
    ...perRound,
    title: 'CPU µs a request',
    read: cpuUsOf,
  },
  /** The processor's time is told in steps of 10 ms: a round of few requests has too few of them. */
  cpuOfAll: { ...perRound, title: 'CPU µs a request', pooled: true, read: cpuUsOf },
  memoryBefore: { ...perRound, title: 'before MB', read: ([s]) => s?.memory && s.memory.beforeKb / 1024 },
  peakMemory: { ...perRound, title: 'peak MB', read: ([s]) => s?.memory && s.memory.peakKb / 1024 },
  memoryPerStream: {
    ...perRound,
    title: 'KB a stream',
    read: ([s]) => s?.memory && (s.memory.peakKb - s.memory.beforeKb) / s.requests,
  },
  memoryAfter: { ...perRound, title: 'after MB', read: ([s]) => s?.memory && s.memory.afterKb / 1024 },
} as const satisfies Record<string, Figure>;

function cpuUsOf(slices: readonly WatchedSlice[]): number | undefined {
  let seconds = 0;
  let requests = 0;
  for (const slice of slices) {
    if (slice.cpuSeconds === undefined) return undefined;
    seconds += slice.cpuSeconds;
    requests += slice.requests;
  }
  return requests === 0 ? undefined : (seconds * 1e6) / requests;
}

function firstOf({ firstUs }: WatchedSlice): readonly number[] {
  return firstUs;
}

function delayOf({ delayUs }: WatchedSlice): readonly number[] {
  return delayUs;
}

/** The value below which this part of the values lies; `undefined` of none. */
export function quantile(values: readonly number[], part: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))];
}
