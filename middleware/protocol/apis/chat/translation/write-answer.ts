import type { JsonObject } from '../../../../kernel/json-object.ts';
import { withoutAbsent } from '../../../json/without-absent.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import { wholeAnswer, type AnswerPart } from '../../../translation/whole-answer.ts';
import { newId } from '../../common/new-id.ts';
import { thinkingBlocks } from './thinking-blocks.ts';
import { callOf } from './write-calls.ts';
import { finishReasons, writeChatUsage } from './write-end.ts';

/** An answer that is no stream. Throws a CodexPlusError for one that failed. */
export function writeChatAnswer(
  events: readonly AnswerEvent[],
  { model }: ModelRequest,
  nowSeconds: number,
): JsonObject {
  const { parts, reason, usage } = wholeAnswer(events);
  return withoutAbsent({
    id: newId('chatcmpl', '-'),
    object: 'chat.completion',
    created: nowSeconds,
    model,
    choices: [{ index: 0, message: messageOf(parts), logprobs: null, finish_reason: finishReasons[reason] }],
    usage: writeChatUsage(usage),
  });
}

function messageOf(parts: readonly AnswerPart[]): JsonObject {
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const thoughts = parts.filter((part) => part.kind === 'reasoning');
  const thought = thoughts.map(({ text }) => text).join('');
  const signed = thoughts.flatMap(({ original }) => thinkingBlocks(original));
  const calls = parts.flatMap((part) => (part.kind === 'call' ? [wholeCall(part)] : []));
  return {
    role: 'assistant',
    content: texts.length === 0 ? null : texts.join(''),
    refusal: null,
    ...(thought === '' ? {} : { reasoning_content: thought }),
    ...(signed.length === 0 ? {} : { thinking_blocks: signed }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function wholeCall({ begin, input }: Extract<AnswerPart, { kind: 'call' }>): JsonObject {
  return callOf(begin, input === '' && begin.callKind !== 'custom' ? '{}' : input);
}
