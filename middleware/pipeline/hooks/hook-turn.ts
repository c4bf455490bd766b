import type { Exchange } from '../../kernel/exchange.ts';
import type { Conversation } from '../../protocol/conversation.ts';
import type { HookPlace } from './hook-place.ts';

/** A request whose project has hooks or rules, while its stage looks at it. */
export interface HookTurn {
  readonly exchange: Exchange;
  /** Without what was said between the user and us. */
  readonly conversation: Conversation;
  readonly place: HookPlace;
}

/**
 * The place of each exchange that is under way. Kept by the exchange's signal, the one part that stays the same object while stages
 * make new exchanges; gone with it.
 */
export class HookPlaces {
  readonly #places = new WeakMap<AbortSignal, HookPlace>();

  set({ signal }: Exchange, place: HookPlace): void {
    this.#places.set(signal, place);
  }

  of({ signal }: Exchange): HookPlace | undefined {
    return this.#places.get(signal);
  }
}
