import type { AnswerEnd } from '../../../translation/answer-event.ts';
import { endWords, type ToldReason } from './end-words.ts';

/**
 * How an answer ended, by the words of its provider. Some tell it twice: what is no good end stays, whatever is told
 * behind it.
 */
export class EndTold {
  #word = '';
  #reason: ToldReason | undefined;

  /** `undefined` until an end is told. `unknown` for a word that nobody knows: the answer may be half. */
  get reason(): ToldReason | undefined {
    return this.#reason;
  }

  /** The provider's own word. */
  get word(): string {
    return this.#word;
  }

  /**
   * How an answer ended that is as whole as it was told to be. What is in it decides whether the client has a call to answer: some
   * name one end where they mean the other.
   */
  meant(hasCalls: boolean): Omit<AnswerEnd, 'kind' | 'usage'> | undefined {
    const reason = this.#reason;
    if (reason === undefined || reason === 'broken') return undefined;
    if (reason === 'unknown') return { reason, told: this.#word };
    if (reason !== 'stop' && reason !== 'calls') return { reason };
    if (hasCalls) return { reason: 'calls' };
    return { reason: 'stop', ...(reason === 'calls' ? { asSummary: reason } : {}) };
  }

  /** `native`: the word of the provider itself, where LiteLLM put one of OpenAI's in its place. */
  tell(word: string, native = ''): void {
    if (word === '' || !goodEnds.has(this.#reason)) return;
    const given = reasonOf(word);
    const own = native === '' ? given : reasonOf(native);
    // Of a word that nobody knows LiteLLM makes a stop, or here a limit; of others what they mean.
    const isOwn = own !== 'unknown' || goodEnds.has(given) || given === 'limit';
    this.#reason = isOwn ? own : given;
    this.#word = isOwn && native !== '' ? native : word;
  }
}

/** What may be told in another way yet. */
const goodEnds: ReadonlySet<ToldReason | undefined> = new Set([undefined, 'stop', 'calls'] as const);

function reasonOf(word: string): ToldReason {
  return reasons.get(word.toLowerCase()) ?? 'unknown';
}

const reasons: ReadonlyMap<string, ToldReason> = new Map(
  Object.entries(endWords).flatMap(([reason, told]) =>
    told.map((word) => [word, reason as ToldReason] as const),
  ),
);
