import { isJsonObject, objectIn, type JsonObject } from '../../kernel/json-object.ts';
import { countAt } from '../apis/common/usage-counts.ts';
import type { AnswerUsage } from '../translation/answer-event.ts';

/**
 * What one turn used, of all calls of models that have ended. Codex tells it twice: of each response when it has ended, and of
 * its thread, which has no other turn, now and then and when it was interrupted. The one may come where the other does not.
 */
export class TurnUsage {
  #ofResponses: AnswerUsage | undefined;
  #ofThread: AnswerUsage | undefined;

  /** Whatever Codex tells of the turn. */
  read(method: string, params: JsonObject): void {
    if (method === 'rawResponse/completed') {
      const { usage } = params;
      if (isJsonObject(usage)) this.#ofResponses = sum(this.#ofResponses, usage);
    } else if (method === 'thread/tokenUsage/updated') {
      this.#ofThread = sum(undefined, objectIn(objectIn(params['tokenUsage'])['total']));
    }
  }

  /** `undefined` where no provider told it. */
  get told(): AnswerUsage | undefined {
    return tokens(this.#ofThread) > tokens(this.#ofResponses) ? this.#ofThread : this.#ofResponses;
  }
}

function tokens(usage: AnswerUsage | undefined): number {
  return usage === undefined ? 0 : usage.inputTokens + usage.outputTokens;
}

function sum(before: AnswerUsage | undefined, told: JsonObject): AnswerUsage {
  return {
    inputTokens: (before?.inputTokens ?? 0) + countAt(told, 'inputTokens'),
    cachedInputTokens: (before?.cachedInputTokens ?? 0) + countAt(told, 'cachedInputTokens'),
    cacheWriteTokens: (before?.cacheWriteTokens ?? 0) + countAt(told, 'cacheWriteInputTokens'),
    outputTokens: (before?.outputTokens ?? 0) + countAt(told, 'outputTokens'),
    reasoningTokens: (before?.reasoningTokens ?? 0) + countAt(told, 'reasoningOutputTokens'),
    costUsd: undefined,
  };
}
