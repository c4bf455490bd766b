import { addAll } from '../../../../../kernel/bounds/add-all.ts';
import type { Entry } from '../../../../translation/model-request.ts';
import { goesBackTo } from '../../../../translation/original.ts';
import { isOfModel } from '../../../../translation/steps.ts';

/**
 * The conversation with the thoughts that a Claude gets back which thinks within a budget: those of turns that begin with one. A
 * turn that does not was made without thinking, and Claude takes none in it while it runs; what goes with a turn is decided by
 * the turn alone, so that what stands before the running one keeps its bytes.
 */
export function withTurnThoughts(entries: readonly Entry[], maker: string | undefined): readonly Entry[] {
  return turnsOf(entries).flatMap((turn) =>
    beginsWithThought(turn, maker) ? turn : turn.filter(({ kind }) => kind !== 'reasoning'),
  );
}

/**
 * Whether the running tool loop begins with a thought of the model's own provider. All of the loop is one turn to Claude, whose
 * later steps may go without. Source: "Thinking in tool and multi-turn workflows" of Anthropic's documentation.
 */
export function isRunningTurnThought(entries: readonly Entry[], maker: string | undefined): boolean {
  const running = turnsOf(entries).at(-1) ?? [];
  return beginsWithThought(running, maker) || running.every(({ kind }) => kind !== 'call');
}

/** Thoughts of another provider do not go along, nor those that were never signed. */
function beginsWithThought(turn: readonly Entry[], maker: string | undefined): boolean {
  const first = turn.find(
    (entry) =>
      isOfModel(entry) &&
      (entry.kind !== 'reasoning' ||
        (goesBackTo(maker, 'anthropic', entry.original) && entry.original.blocks.length > 0)),
  );
  return first?.kind === 'reasoning';
}

/** What the model did for one word of the user's. What users say beside results of calls belongs to the turn of the calls. */
function turnsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const turns: Entry[][] = [[]];
  let between: Entry[] = [];
  const end = (): void => {
    const goesOn = between.length === 0 || between.some(({ kind }) => kind === 'result');
    const last = turns.at(-1);
    if (goesOn && last !== undefined) addAll(last, between);
    else turns.push(between);
    between = [];
  };
  for (const entry of entries) {
    if (isOfModel(entry)) {
      end();
      turns.at(-1)?.push(entry);
    } else between.push(entry);
  }
  end();
  return turns;
}
