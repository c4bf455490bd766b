/** p50, p95 and p99 in the histogram's unit; `undefined` while nothing was observed. */
export interface Quantiles {
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

interface Sample {
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly value: number;
}

/**
 * Estimates quantiles from a histogram's cumulative buckets, summed over all labels, with straight lines between the
 * bounds, as Prometheus' `histogram_quantile` does. What is above the last bound is reported as that bound.
 */
export function quantilesOf(samples: readonly Sample[]): Quantiles {
  const cumulative = new Map<number, number>();
  for (const { labels, value } of samples) {
    const { le } = labels;
    if (le === undefined) continue;
    const bound = Number(String(le).replace('+Inf', 'Infinity'));
    cumulative.set(bound, (cumulative.get(bound) ?? 0) + value);
  }
  const buckets = [...cumulative].sort(([a], [b]) => a - b);
  return { p50: quantile(buckets, 0.5), p95: quantile(buckets, 0.95), p99: quantile(buckets, 0.99) };
}

function quantile(
  buckets: readonly (readonly [bound: number, count: number])[],
  q: number,
): number | undefined {
  const total = buckets.at(-1)?.[1] ?? 0;
  if (total === 0) return undefined;
  const rank = q * total;
  let lower = 0;
  let below = 0;
  for (const [bound, count] of buckets) {
    if (count >= rank) {
      if (bound === Infinity) return lower;
      return lower + ((bound - lower) * (rank - below)) / Math.max(count - below, 1e-9);
    }
    lower = bound;
    below = count;
  }
  return lower;
}
