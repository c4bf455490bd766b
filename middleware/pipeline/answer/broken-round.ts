import type { RoundItem } from '../../protocol/apis/round.ts';
import type { CallDecisions } from './call-decisions.ts';
import type { CallResolution } from './resolve-call.ts';

/** What was decided where a round ends in the middle, with a note for the model on each call that was begun here and has no result. */
export function withUnfinished(
  round: { readonly items: () => readonly RoundItem[] },
  known: ReadonlyMap<string, CallResolution>,
  decisions: CallDecisions | undefined,
): ReadonlyMap<string, CallResolution> {
  if (decisions?.haveBegun !== true) return known;
  const begun = round.items().flatMap(({ key, call }) => {
    const note = call === undefined || known.has(key) ? undefined : decisions.unfinished(key);
    return note === undefined ? [] : [[key, note] as const];
  });
  return new Map([...known, ...begun]);
}
