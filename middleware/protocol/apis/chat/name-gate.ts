import { holdsNone } from '../common/holds-none.ts';
import type { CompletePart, Holds } from '../round.ts';
import type { ToolCall } from '../tool-call.ts';
import { unreadable } from '../common/unreadable.ts';

/** A piece of a call that has just come. */
interface TakenPiece {
  /** The call as it was without the piece; `undefined` for the first one. */
  readonly before: ToolCall | undefined;
  /** With it, of its input no more than the beginning. */
  readonly whole: ToolCall;
  /** What the piece says of the name. */
  readonly piece: string;
}

interface Passing {
  readonly isHeld: boolean;
  /** Says that what was held of the call until now may go. */
  readonly freed: CompletePart | undefined;
}

const passes: Passing = { isHeld: false, freed: undefined };
const stays: Passing = { isHeld: true, freed: undefined };

/**
 * Decides which calls of a chat stream are held. A name may come in pieces, and clients join them or take the last
 * one: a call is held where either may concern something, and until its input begins, behind which no name may go
 * on.
 */
export class NameGate {
  readonly #holds: Holds;
  readonly #held = new Set<string>();
  readonly #unnamed = new Set<string>();
  readonly #ambiguous = new Set<string>();

  constructor(holds: Holds) {
    this.#holds = holds;
  }

  get holdsSome(): boolean {
    return this.#held.size > 0 || this.#unnamed.size > 0;
  }

  take(key: string, taken: TakenPiece): Passing {
    // Who only reads has no need for a name before its time.
    if (this.#holds === holdsNone) return passes;
    const { before, whole } = taken;
    const isOpen = before === undefined || this.#held.has(key) || this.#unnamed.has(key);
    if (this.#concerns(key, taken)) {
      if (!isOpen) throw unreadable('the name of a tool goes on behind its input');
      this.#unnamed.delete(key);
      this.#held.add(key);
    }
    if (this.#held.has(key)) return stays;
    if (isOpen && whole.input === '') {
      this.#unnamed.add(key);
      return stays;
    }
    return this.#unnamed.delete(key) ? { isHeld: false, freed: freed(key, whole) } : passes;
  }

  /** The calls as they are when the answer is over. */
  complete(callOf: (key: string) => ToolCall | undefined): readonly CompletePart[] {
    const unnamed = [...this.#unnamed].flatMap((key) => {
      const call = callOf(key);
      if (call === undefined) return [];
      // Without a name to the end it may be any tool's.
      return [call.name === '' ? ({ kind: 'complete', key, call } as const) : freed(key, call)];
    });
    const held = [...this.#held].flatMap((key) => {
      const call = callOf(key);
      const isAmbiguous = this.#ambiguous.has(key);
      return call === undefined ? [] : [{ kind: 'complete', key, call, isAmbiguous } as const];
    });
    return [...unnamed, ...held];
  }

  #concerns(key: string, { before, whole, piece }: TakenPiece): boolean {
    const goesOn = before !== undefined && before.name !== '' && before.name !== whole.name;
    if (goesOn) this.#ambiguous.add(key);
    // A call without a name at all may be any, once its input begins.
    const isNameless = whole.name === '' && whole.input !== '';
    return (
      isNameless ||
      (whole.name !== '' && this.#holds(whole)) ||
      (goesOn && this.#holds({ ...whole, name: piece }))
    );
  }
}

function freed(key: string, call: ToolCall): CompletePart {
  return { kind: 'complete', key, call, isFree: true };
}
