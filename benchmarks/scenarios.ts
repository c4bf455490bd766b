import { figures, type Figure } from './figures.ts';
import type { Script } from './script.ts';

/** One thing that is measured, the same way on every target. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly bodyBytes: number;
  /** The conversation ends with words of its user, and not with the output of a call. */
  readonly beginsTurn: boolean;
  readonly script: Script;
  readonly connections: number;
  /** One slice, which is one target in one round, ends after so many requests or so much time, whatever comes first. */
  readonly requests: number;
  readonly limitMs: number;
  /** Spreads the connections' first requests, as clients of a shared server do not start in the same millisecond. */
  readonly rampMs: number;
  /** What a connection waits between an answer and its next request: what is kept for a moment only is old by then, and caches are cold. */
  readonly pauseMs: number;
  /** Every connection's first request is not counted, unless the first one is what it is about. */
  readonly countsFirst: boolean;
  /** The targets are started anew before every round: memory that an earlier scenario left would hide what this one takes. */
  readonly freshTargets: boolean;
  /** Where a slice takes seconds, fewer rounds have to do. */
  readonly mostRounds: number;
  readonly figures: readonly Figure[];
}

/** A request of Codex an hour into a session. */
export const codexBody = 62_000;
const json: Script = { events: 0, firstMs: 0, gapMs: 0 };

const usual = {
  beginsTurn: false,
  rampMs: 0,
  pauseMs: 0,
  countsFirst: false,
  freshTargets: false,
  mostRounds: 100,
} as const;

const openStreams = {
  bodyBytes: codexBody,
  script: { events: 12, firstMs: 0, gapMs: 400 },
  connections: 500,
  requests: 500,
  limitMs: 20_000,
  rampMs: 1_000,
  countsFirst: true,
  mostRounds: 5,
} as const;

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [
  {
    ...usual,
    name: 'first-event',
    title: 'first event of a stream, Codex body, one at a time',
    bodyBytes: codexBody,
    script: { events: 10, firstMs: 2, gapMs: 1 },
    connections: 1,
    requests: 60,
    limitMs: 4_000,
    figures: [figures.firstP50, figures.firstP99],
  },
  {
    ...usual,
    name: 'first-event-64',
    title: 'first event of a stream, Codex body, 64 at a time',
    bodyBytes: codexBody,
    script: { events: 10, firstMs: 5, gapMs: 20 },
    connections: 64,
    requests: 320,
    limitMs: 6_000,
    rampMs: 200,
    figures: [figures.firstP50, figures.firstP99, figures.cpu],
  },
  {
    ...usual,
    name: 'json',
    title: 'JSON call, Codex body, one at a time',
    bodyBytes: codexBody,
    script: json,
    connections: 1,
    requests: 800,
    limitMs: 3_000,
    figures: [figures.firstP50, figures.firstP99, figures.cpu],
  },
  {
    ...usual,
    name: 'paused',
    title: 'JSON call, Codex body, one each 200 ms',
    bodyBytes: codexBody,
    script: json,
    connections: 1,
    requests: 25,
    limitMs: 10_000,
    pauseMs: 200,
    figures: [figures.firstP50, figures.firstP99, figures.cpuOfAll],
  },
  {
    ...usual,
    name: 'turn',
    title: 'JSON call that begins a turn, Codex body, one at a time',
    bodyBytes: codexBody,
    beginsTurn: true,
    script: json,
    connections: 1,
    requests: 800,
    limitMs: 3_000,
    figures: [figures.firstP50, figures.firstP99, figures.cpu],
  },
  {
    ...usual,
    name: 'turn-events',
    title: 'stream of 20 events that begins a turn, Codex body, one at a time',
    bodyBytes: codexBody,
    beginsTurn: true,
    script: { events: 20, firstMs: 0, gapMs: 0 },
    connections: 1,
    requests: 400,
    limitMs: 3_000,
    figures: [figures.firstP50, figures.firstP99, figures.cpu],
  },
  {
    ...usual,
    name: 'body-1mb',
    title: 'JSON call, body of 1 MB, one at a time',
    bodyBytes: 1_000_000,
    script: json,
    connections: 1,
    requests: 80,
    limitMs: 3_000,
    figures: [figures.firstP50, figures.firstP99, figures.cpu],
  },
  {
    ...usual,
    name: 'event-delay',
    title: 'delay of each event of a stream, one stream',
    bodyBytes: 2_000,
    script: { events: 200, firstMs: 1, gapMs: 2 },
    connections: 1,
    requests: 3,
    limitMs: 4_000,
    figures: [figures.delayP50, figures.delayP99],
  },
  {
    ...usual,
    name: 'saturation',
    title: 'as many JSON calls as it takes, Codex body, 64 at a time',
    bodyBytes: codexBody,
    script: json,
    connections: 64,
    requests: 60_000,
    limitMs: 1_500,
    figures: [figures.rate, figures.cpu],
  },
  {
    ...usual,
    name: 'saturation-small',
    title: 'as many JSON calls as it takes, small body, 64 at a time',
    bodyBytes: 0,
    script: json,
    connections: 64,
    requests: 60_000,
    limitMs: 1_500,
    figures: [figures.rate, figures.cpu],
  },
  {
    ...usual,
    name: 'saturation-events',
    title: 'as many streams of 300 events as it takes, 64 at a time',
    bodyBytes: 0,
    script: { events: 300, firstMs: 0, gapMs: 0 },
    connections: 64,
    requests: 6_000,
    limitMs: 1_500,
    figures: [figures.rate, figures.cpu],
  },
  {
    ...usual,
    ...openStreams,
    name: 'streams-500',
    title: 'first event of 500 open streams, Codex body, one event every 400 ms',
    figures: [figures.firstP50, figures.firstP99, figures.cpu],
  },
  {
    ...usual,
    ...openStreams,
    name: 'memory-500',
    title: 'memory of 500 open streams in a fresh process, Codex body',
    freshTargets: true,
    mostRounds: 2,
    figures: [figures.memoryBefore, figures.peakMemory, figures.memoryPerStream, figures.memoryAfter],
  },
];

/** What the fake upstream is asked for in them. */
export const scripts: readonly Script[] = scenarios.map(({ script }) => script);
