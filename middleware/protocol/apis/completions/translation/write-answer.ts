import type { JsonObject } from '../../../../kernel/json-object.ts';
import { withoutAbsent } from '../../../json/without-absent.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import { wholeAnswer } from '../../../translation/whole-answer.ts';
import { finishReasons, writeChatUsage } from '../../chat/translation/write-end.ts';
import { newId } from '../../common/new-id.ts';

/** A choice of an answer, or a piece of it. */
export function completionChoice(text: string, reason: string | null): JsonObject {
  return { index: 0, text, logprobs: null, finish_reason: reason };
}

/** An answer that is no stream: the texts of the model, without its thoughts. Throws a CodexPlusError for one that failed. */
export function writeCompletion(
  events: readonly AnswerEvent[],
  { model }: ModelRequest,
  nowSeconds: number,
): JsonObject {
  const { parts, reason, usage } = wholeAnswer(events);
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  return withoutAbsent({
    id: newId('cmpl', '-'),
    object: 'text_completion',
    created: nowSeconds,
    model,
    choices: [completionChoice(texts.join(''), finishReasons[reason])],
    usage: writeChatUsage(usage),
  });
}
