import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { CallOutcome } from './round-outcome.ts';

/** Providers take ids of 64 characters. */
const longest = 60;

/**
 * The outcomes of a round in which no call that the client does not get has the id of another one, by which outputs are
 * told apart: a repeat gets its number behind it. What the client gets keeps the ids that the model gave.
 */
export function withDistinctIds(outcomes: readonly CallOutcome[], codec: RoundCodec): readonly CallOutcome[] {
  const idsOf = (some: readonly CallOutcome[]): string[] =>
    some.flatMap(({ call }) => (call === undefined ? [] : [call.callId]));
  const all = idsOf(outcomes);
  if (new Set(all).size === all.length) return outcomes;
  const given = new Set(all);
  const taken = new Set(idsOf(outcomes.filter(({ refused }) => refused === undefined)));
  const counts = new Map<string, number>();
  return outcomes.map((outcome) => {
    const { call, refused, item } = outcome;
    if (call === undefined || refused === undefined) return outcome;
    const { callId } = call;
    if (!taken.has(callId)) {
      taken.add(callId);
      return outcome;
    }
    let count = counts.get(callId) ?? 2;
    const named = (): string => `${callId.slice(0, longest)}_${count}`;
    while (given.has(named()) || taken.has(named())) count += 1;
    const fresh = named();
    taken.add(fresh);
    counts.set(callId, count + 1);
    return { ...outcome, item: codec.withCallId(item, fresh) };
  });
}
