import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerFault, AnswerUsage } from '../../../translation/answer-event.ts';
import { tellsContextLength } from '../../../translation/tells-context-length.ts';
import { objectAt, textAt } from '../../common/read-event.ts';

export function chatUsage(usage: JsonObject): AnswerUsage {
  const input = objectAt(usage, 'prompt_tokens_details');
  const output = objectAt(usage, 'completion_tokens_details');
  return {
    inputTokens: countAt(usage, 'prompt_tokens'),
    cachedTokens: countAt(input, 'cached_tokens'),
    cacheWriteTokens: countAt(input, 'cache_creation_tokens'),
    outputTokens: countAt(usage, 'completion_tokens'),
    reasoningTokens: countAt(output, 'reasoning_tokens'),
    costUsd: typeof usage['cost'] === 'number' ? usage['cost'] : undefined,
  };
}

function countAt(counts: JsonObject, key: string): number {
  const value = counts[key];
  return typeof value === 'number' ? value : 0;
}

/** What an `error` in the midst of a stream says; LiteLLM gives the status as the code. */
export function chatFault(error: JsonObject): AnswerFault {
  const message = textAt(error, 'message') || 'the provider failed without a reason';
  const status = Number(error['code']);
  return { kind: kindOf(message, status), message, retryAfterSeconds: undefined };
}

function kindOf(message: string, status: number): AnswerFault['kind'] {
  if (tellsContextLength(message)) return 'context-length';
  if (status === 429) return 'rate-limit';
  if (status === 503 || status === 529) return 'overloaded';
  return status === 400 ? 'invalid' : 'failed';
}
