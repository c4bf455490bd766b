import type { HiddenTurn, Settlement, TurnPart } from '../../features/sessions/session-turns.ts';
import { DeliveredTexts } from './delivered-texts.ts';
import { PartIndex } from './part-index.ts';

/** All parts of a turn, and what finds them. */
export interface TurnParts {
  readonly all: readonly TurnPart[];
  readonly index: PartIndex;
}

/** What turns are looked through by in one conversation: made once for each, however often it is asked for. */
export class TurnIndexes {
  readonly #delivered = new Map<HiddenTurn, DeliveredTexts>();
  readonly #parts = new Map<HiddenTurn | Settlement, TurnParts>();

  /** The texts that the client has in other words. */
  deliveredOf(turn: HiddenTurn): DeliveredTexts {
    const delivered = this.#delivered.get(turn) ?? new DeliveredTexts(turn.deliveredTexts);
    this.#delivered.set(turn, delivered);
    return delivered;
  }

  /** The parts of a turn, with those that came of the call which it asked about. */
  partsOf(turn: HiddenTurn, settlement: Settlement | undefined): TurnParts {
    const key = settlement ?? turn;
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const all = settlement === undefined ? turn.parts : [...turn.parts, ...settlement.parts];
    const parts = { all, index: new PartIndex(all) };
    this.#parts.set(key, parts);
    return parts;
  }
}
