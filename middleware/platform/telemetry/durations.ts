import type { Histogram, Registry } from 'prom-client';

interface DurationsOptions {
  readonly name: string;
  readonly help: string;
  readonly label: string;
}

/** One sample of a histogram, as prom-client writes it. */
interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** How long something took, by one label. */
export interface Durations {
  readonly add: (labelled: string, ms: number) => void;
  /** In seconds. */
  readonly samples: () => readonly Sample[];
}

interface Series {
  /** As many as lie between each bound and the one before it. */
  readonly counts: number[];
  count: number;
  sum: number;
}

/** From 1 ms to 10 min: a local reply and the longest reasoning have both to be told apart. In seconds. */
const bounds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
];

/**
 * A histogram for what happens with every request. That of prom-client makes objects, a text of the labels and one of the bound for each
 * value: here a value is two additions, and prom-client is told the samples when somebody asks for them.
 */
export function createDurations(registry: Registry, { name, help, label }: DurationsOptions): Durations {
  const all = new Map<string, Series>();
  const samples = (): readonly Sample[] =>
    [...all].flatMap(([labelled, series]) => samplesOf(name, { [label]: labelled }, series));
  const told = { name, help, type: 'histogram', aggregator: 'sum' };
  const metric = { ...told, get: () => Promise.resolve({ ...told, values: samples() }) };
  // All that a registry asks of a metric; its type names a class.
  registry.registerMetric(metric as unknown as Histogram);
  return {
    samples,
    add: (labelled, ms) => {
      const seconds = ms / 1000;
      if (!Number.isFinite(seconds)) throw new TypeError(`${name} cannot take ${ms} ms`);
      let series = all.get(labelled);
      if (series === undefined) {
        series = { counts: bounds.map(() => 0), count: 0, sum: 0 };
        all.set(labelled, series);
      }
      const at = bounds.findIndex((bound) => seconds <= bound);
      if (at >= 0) series.counts[at] = (series.counts[at] ?? 0) + 1;
      series.count += 1;
      series.sum += seconds;
    },
  };
}

function samplesOf(
  name: string,
  labels: Readonly<Record<string, string>>,
  { counts, count, sum }: Series,
): readonly Sample[] {
  let below = 0;
  const buckets = bounds.map((le, at) => {
    below += counts[at] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: count },
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
