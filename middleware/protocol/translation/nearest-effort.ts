/** From the least to the most. */
export const efforts: readonly string[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/**
 * Of the efforts that a model takes the nearest, at or below the one that is asked for; `undefined` for one that nobody knows.
 * Who asks for a thought does not get none.
 */
export function nearestEffort(asked: string, taken: readonly string[]): string | undefined {
  const wanted = efforts.indexOf(asked);
  if (wanted < 0) return undefined;
  const known = efforts.filter((name) => taken.includes(name) && (name !== 'none' || wanted === 0));
  return known.findLast((name) => efforts.indexOf(name) <= wanted) ?? known[0];
}
