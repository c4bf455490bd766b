import type { HiddenTurn, TurnPart } from '../../features/sessions/session-turns.ts';
import type { HistoryItem } from '../../protocol/apis/history-item.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';

/** Of the answers that broke at one place, the newest: who tries again and again brings no more than that. */
const maxBrokenAtOnce = 16;
/** Once with a note in the place of outputs; what is refused then is not put back any more. */
const maxRefusals = 2;

const refusedNote =
  '[What came of this call is not shown: the provider of the model refused the conversation with it.]';

/** What ran in answers that broke at one place; of those that were refused too often, nothing. */
export function newestRan(
  turns: readonly HiddenTurn[],
  codec: RoundCodec,
): readonly { readonly turn: HiddenTurn; readonly hidden: readonly HistoryItem[] }[] {
  const ran = turns.flatMap((turn) => {
    const hidden = putBackOf(turn.parts, turn, codec);
    // Words that sent the model back to work say nothing without what they were about, which the client had.
    return hidden.some(({ kind }) => kind === 'said') ? [{ turn, hidden }] : [];
  });
  return ran.slice(-maxBrokenAtOnce);
}

/** What of some parts of an answer is put back: of one that the provider refused, the calls with a note. */
export function putBackOf(
  parts: readonly TurnPart[],
  { refusals = 0 }: HiddenTurn,
  { withoutResult }: RoundCodec,
): readonly HistoryItem[] {
  const hidden = parts.flatMap((part) => (part.kind === 'hidden' ? [part.historyItem] : []));
  if (refusals === 0) return hidden;
  if (refusals >= maxRefusals) return [];
  return hidden.flatMap(({ kind, item }): readonly HistoryItem[] => {
    if (kind === 'said') return [{ kind, item }];
    const other = withoutResult(item, refusedNote);
    return other === undefined ? [] : [{ kind, item: other }];
  });
}
