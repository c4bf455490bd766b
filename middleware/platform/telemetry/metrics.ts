import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { BreakerState } from '../../kernel/breaker.ts';
import { createCodexMetrics, type CodexMetrics } from './codex-metrics.ts';
import { createDurations, type Durations } from './durations.ts';
import { createLabelGuard } from './label-guard.ts';
import { createMcpMetrics, type McpMetrics } from './mcp-metrics.ts';
import { breakerValues, prefix } from './metric-values.ts';
import { quantilesOf, type Quantiles } from './quantiles.ts';
import { createTotals, type AddTo } from './totals.ts';

/** Labels of a finished request. */
export interface RequestLabels {
  readonly route: string;
  readonly api: string;
  readonly model: string;
  readonly status: string;
}

/** What is counted of one request when it is over. */
export interface RequestFigures {
  readonly labels: RequestLabels;
  readonly errorCode: string | undefined;
  readonly totalMs: number;
  readonly firstByteMs: number | undefined;
  /** Until the upstream's head came in: the upstream's share of the time. */
  readonly upstreamMs: number | undefined;
  readonly bytesOut: number;
}

const directions = ['input', 'cached_input', 'output', 'reasoning'] as const;

/** Tokens and cost of one request. */
export interface UsageFigures {
  readonly model: string;
  readonly provider: string;
  readonly tokens: Readonly<Record<(typeof directions)[number], number>>;
  readonly costUsd: number | undefined;
}

/** One run of a hook. */
export interface HookFigures {
  readonly event: string;
  readonly outcome: string;
  readonly durationMs: number;
}

/** All metrics of the process, in one registry that this object owns. */
export interface Metrics extends McpMetrics, CodexMetrics {
  readonly countRequest: (figures: RequestFigures) => void;
  readonly countUsage: (figures: UsageFigures) => void;
  readonly countHook: (figures: HookFigures) => void;
  /** A hook that was ended at its time limit; it is counted as a run as well. */
  readonly countHookTimeout: (event: string) => void;
  /** A tool call of a model that was refused, and what refused it: `rule`, `mode`, `hook` … */
  readonly countRefusedCall: (by: string) => void;
  readonly requestBegan: () => void;
  readonly requestEnded: () => void;
  readonly setBreaker: (upstream: string, state: BreakerState) => void;
  readonly setLitellmUp: (isUp: boolean) => void;
  /** In Prometheus' text format, of the type `contentType`. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
  /** The same as an object, with quantiles estimated from the histograms. */
  readonly snapshot: () => Promise<MetricsSnapshot>;
}

export interface MetricsSnapshot {
  /** Per metric, its samples. */
  readonly metrics: readonly unknown[];
  /** Per histogram: p50, p95 and p99 in seconds, over all labels. */
  readonly quantiles: Readonly<Record<string, Quantiles>>;
}

/** Clients choose the model's name; more than this many different ones are counted as one. */
const maxModels = 200;

/** Creates the metrics with a registry of their own, process metrics included. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix });
  const instruments = createInstruments(registry);
  const { requests, errors, duration, firstByte, upstream, bytes, tokens, cost } = instruments;
  const modelLabel = createLabelGuard(maxModels);

  return {
    countRequest: ({ labels, errorCode, totalMs, firstByteMs, upstreamMs, bytesOut }) => {
      const { route, api, model, status } = labels;
      requests([route, api, modelLabel(model), status]);
      if (errorCode !== undefined) errors([errorCode]);
      duration.add(route, totalMs);
      if (firstByteMs !== undefined) firstByte.add(route, firstByteMs);
      if (upstreamMs !== undefined) upstream.add(route, upstreamMs);
      bytes([route], bytesOut);
    },
    countUsage: ({ model, provider, tokens: counts, costUsd }) => {
      const label = modelLabel(model);
      for (const direction of directions) {
        const count = counts[direction];
        if (count > 0) tokens([label, provider, direction], count);
      }
      if (costUsd !== undefined) cost([label, provider], costUsd);
    },
    countHook: ({ event, outcome, durationMs }) => {
      instruments.hookRuns.inc({ event, outcome });
      instruments.hookDuration.add(event, durationMs);
    },
    countHookTimeout: countOne(instruments.hookTimeouts),
    countRefusedCall: countOne(instruments.refusedCalls),
    ...createMcpMetrics(registry),
    ...createCodexMetrics(registry),
    ...countRunning(registry),
    setBreaker: (name, state) => {
      instruments.breaker.set({ upstream: name }, breakerValues[state]);
    },
    setLitellmUp: (isUp) => {
      instruments.litellmUp.set(isUp ? 1 : 0);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    snapshot: async () => {
      const metrics = await registry.getMetricsAsJSON();
      const quantiles: Record<string, Quantiles> = {};
      for (const [name, each] of Object.entries({ duration, firstByte, upstream }))
        quantiles[name] = quantilesOf(each.samples());
      return { metrics, quantiles };
    },
  };
}

function countOne(counter: Counter): (label: string) => void {
  return (label) => {
    counter.labels(label).inc();
  };
}

function countRunning(registry: Registry): Pick<Metrics, 'requestBegan' | 'requestEnded'> {
  let running = 0;
  new Gauge({
    ...{ name: `${prefix}active_requests`, help: 'Model calls that are running', registers: [registry] },
    collect() {
      this.set(running);
    },
  });
  return {
    requestBegan: () => {
      running += 1;
    },
    requestEnded: () => {
      running -= 1;
    },
  };
}

function createInstruments(registry: Registry) {
  const registers = [registry];
  const histogramBy = (label: string, name: string, help: string): Durations =>
    createDurations(registry, { name: prefix + name, help, label });
  const histogram = (name: string, help: string): Durations => histogramBy('route', name, help);
  const totals = <const Names extends readonly string[]>(
    name: string,
    help: string,
    labelNames: Names,
  ): AddTo<Names> => createTotals(registry, { name: prefix + name, help, labelNames });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name: prefix + name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name: prefix + name, help, labelNames, registers });
  return {
    requests: totals('requests_total', 'Model calls by outcome', ['route', 'api', 'model', 'status']),
    errors: totals('errors_total', 'Errors by code', ['code']),
    duration: histogram(
      'request_duration_seconds',
      'Time from the head of a request to the end of its answer',
    ),
    firstByte: histogram('first_byte_seconds', 'Time to the first byte of the answer'),
    upstream: histogram(
      'upstream_seconds',
      "Time to the head of the upstream's answer: its share of the time",
    ),
    bytes: totals('answer_bytes_total', 'Bytes of answers sent to clients', ['route']),
    tokens: totals('tokens_total', 'Tokens as the upstreams report them', ['model', 'provider', 'direction']),
    cost: totals('cost_usd_total', 'Cost in US dollars as LiteLLM reports it', ['model', 'provider']),
    hookRuns: counter('hook_runs_total', 'Hooks by event and how they ended', ['event', 'outcome']),
    hookDuration: histogramBy('event', 'hook_duration_seconds', 'Time that hooks took'),
    hookTimeouts: counter('hook_timeouts_total', 'Hooks that were ended at their time limit', ['event']),
    refusedCalls: counter('refused_calls_total', 'Tool calls of models that were refused', ['by']),
    breaker: gauge('breaker_state', 'Circuit breaker: 0 closed, 1 half-open, 2 open', ['upstream']),
    litellmUp: gauge('litellm_up', 'Whether LiteLLM takes requests', []),
  };
}
