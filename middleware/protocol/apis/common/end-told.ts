import type { AnswerEnd, EndReason } from '../../translation/answer-event.ts';

/** What a provider's word for the end of an answer says; `broken`: the answer is none, it broke off at the provider's. */
type ToldReason = EndReason | 'broken';

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

/**
 * The words with which providers end answers, of all of them, as bridges between their APIs pass on each other's. Sources:
 * the references of OpenAI, Anthropic ("Handling stop reasons"), DeepSeek, Mistral, Groq, OpenRouter, Z.ai, Cohere, Bedrock
 * (Converse), Gemini (`FinishReason`) and watsonx.ai; vLLM's `FinishReason`, Text Generation Inference, Together;
 * `map_finish_reason` of LiteLLM. Not here, so that they are `unknown`: those with which nothing is whole, and which say so
 * best themselves (`MALFORMED_FUNCTION_CALL`, `repetition`).
 */
const words: Readonly<Record<Exclude<ToldReason, 'unknown'>, readonly string[]>> = {
  stop: ['stop', 'end_turn', 'stop_sequence', 'eos', 'eos_token', 'complete'],
  calls: ['tool_calls', 'tool_call', 'tool_use', 'function_call', 'function_calls'],
  limit: [
    ...[
      'length',
      'max_tokens',
      'model_length',
      'model_context_window_exceeded',
      'compaction',
      'continuation',
    ],
    ...['time_limit', 'token_limit'],
  ],
  filtered: [
    ...['content_filter', 'content_filtered', 'refusal', 'safety', 'sensitive', 'guardrail_intervened'],
    ...['blocklist', 'language', 'model_armor', 'prohibited_content', 'recitation', 'spii', 'error_toxic'],
    ...[
      'image_safety',
      'image_prohibited_content',
      'image_recitation',
      'image_other',
      'no_image',
      'escalation',
    ],
  ],
  paused: ['pause_turn'],
  broken: [...['abort', 'aborted', 'cancelled', 'error', 'insufficient_system_resource', 'network_error']],
};

const reasons: ReadonlyMap<string, ToldReason> = new Map(
  Object.entries(words).flatMap(([reason, told]) =>
    told.map((word) => [word, reason as ToldReason] as const),
  ),
);
