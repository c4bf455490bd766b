import type { EndReason } from '../../../translation/answer-event.ts';

/** What a provider's word for the end of an answer says; `broken`: the answer is none, it broke off at the provider's. */
export type ToldReason = EndReason | 'broken';

/**
 * The words with which providers end answers, of all of them, as bridges between their APIs pass on each other's. Sources:
 * the references of OpenAI, Anthropic ("Handling stop reasons"), DeepSeek, Mistral, Groq, OpenRouter, Z.ai, Cohere, Bedrock
 * (Converse), Gemini (`FinishReason`) and watsonx.ai; vLLM's `FinishReason`, Text Generation Inference, Together;
 * `map_finish_reason` of LiteLLM. Not here, so that they are `unknown`: those with which nothing is whole, and which say so
 * best themselves (`MALFORMED_FUNCTION_CALL`, `repetition`). `litellm/launch.py` has those of `stop` and `broken`.
 */
export const endWords: Readonly<Record<Exclude<ToldReason, 'unknown'>, readonly string[]>> = {
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
