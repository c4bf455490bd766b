import type { Slices } from './bench.ts';
import { quantile, type Figure } from './figures.ts';
import { reference } from './targets.ts';

/** One target's value of a figure, and how it stands to the bare pipe's. */
export interface Comparison {
  /** The median of the rounds; what the target adds to a direct call where that is what the figure says. */
  readonly value: number | undefined;
  /** The median of the rounds' ratios to the bare pipe, and the quarter of them below and above: how far they spread. */
  readonly ratio: number | undefined;
  readonly spread: readonly [number, number] | undefined;
}

/** Compares a target with the bare pipe, both in the same round each time. */
export function compare(figure: Figure, target: string, slices: Slices): Comparison {
  const own = valuesOf(figure, target, slices);
  const pipe = target === 'direct' ? [] : valuesOf(figure, reference, slices);
  const ratios = own.flatMap((value, round) => {
    const other = pipe[round];
    return value === undefined || other === undefined || other <= 0 ? [] : [value / other];
  });
  const low = quantile(ratios, 0.25);
  const high = quantile(ratios, 0.75);
  return {
    value: quantile(
      own.flatMap((value) => value ?? []),
      0.5,
    ),
    ratio: quantile(ratios, 0.5),
    spread: low === undefined || high === undefined || ratios.length < 3 ? undefined : [low, high],
  };
}

/** The figure in each round, or the one of all rounds together. */
function valuesOf(figure: Figure, target: string, slices: Slices): (number | undefined)[] {
  const own = slices.get(target) ?? [];
  const direct = slices.get('direct') ?? [];
  const groups = figure.pooled
    ? [[own, direct] as const]
    : own.map((slice, round) => [[slice], direct.slice(round, round + 1)] as const);
  return groups.map(([group, base]) => {
    const value = figure.read(group);
    if (!figure.overDirect || target === 'direct') return value;
    const floor = figure.read(base);
    return value === undefined || floor === undefined ? undefined : value - floor;
  });
}
