import type { Exchange } from '../../kernel/exchange.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import { modelCallerOf, type ModelCaller } from './model-caller.ts';

/** A request whose project has hooks or rules, while its stage looks at it. */
export interface HookTurn {
  readonly exchange: Exchange;
  /** As it goes on from here, with what was said between the user and us. */
  readonly whole: Conversation;
  /** Without what was said between the user and us. */
  readonly conversation: Conversation;
  /** Names an item of it. */
  readonly keyAt: (index: number) => string;
  readonly place: HookPlace;
  /** The key of the newest message, where it answered a question of ours and the prompt is the one before it. */
  readonly repliedAt?: string;
}

/**
 * The place of each exchange that is under way, and who calls in it. Kept by the exchange's signal, the one part that stays the same
 * object while stages make new exchanges; gone with it.
 */
export class HookPlaces {
  readonly #places = new WeakMap<AbortSignal, HookPlace>();
  readonly #callers = new WeakMap<AbortSignal, ModelCaller>();

  set(exchange: Exchange, place: HookPlace): void {
    this.#places.set(exchange.signal, place);
    if (asksModel(place)) this.#callers.set(exchange.signal, modelCallerOf(exchange));
  }

  of({ signal }: Exchange): HookPlace | undefined {
    return this.#places.get(signal);
  }

  /** `undefined` where a signal is no exchange's, or where no hook asks a model. */
  callerOf(signal: AbortSignal): ModelCaller | undefined {
    return this.#callers.get(signal);
  }
}

function asksModel({ hooks }: HookPlace): boolean {
  return hooks.entries.some(({ handler }) => handler.kind === 'prompt' || handler.kind === 'agent');
}
