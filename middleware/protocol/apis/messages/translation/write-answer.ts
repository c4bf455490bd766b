import type { JsonObject } from '../../../../kernel/json-object.ts';
import { inputObject } from '../../../translation/inputs/custom-input.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import { brokenFault } from '../../../translation/faults/broken-answer.ts';
import { faultError } from '../../../translation/faults/fault-error.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import { wholeAnswer, type AnswerPart } from '../../../translation/whole-answer.ts';
import { listOf } from '../../common/list-of.ts';
import { newId } from '../../common/new-id.ts';
import { expectsThinking, sealedSignature } from './thoughts.ts';
import { messageHead, stopReasons, writeMessagesUsage } from './write-end.ts';

/**
 * An answer that is no stream. Throws a CodexPlusError for one that failed, and for one with a call whose input is no object, at
 * which a stream fails too: a client of this API takes nothing else, and would run what the model did not write.
 */
export function writeMessagesAnswer(events: readonly AnswerEvent[], request: ModelRequest): JsonObject {
  const { parts, reason, usage } = wholeAnswer(events);
  if (parts.some((part) => part.kind === 'call' && !part.isObject)) throw faultError(brokenFault('noObject'));
  return {
    ...messageHead(newId('msg'), request.model),
    content: expectsThinking(request) ? parts.map(blockOf) : thoughtLast(parts),
    stop_reason: stopReasons[reason],
    usage: writeMessagesUsage(usage),
  };
}

/** As the stream has it for clients that asked for no thinking. */
function thoughtLast(parts: readonly AnswerPart[]): readonly JsonObject[] {
  const others = parts.filter(({ kind }) => kind !== 'reasoning');
  const originals = parts.flatMap((part) => (part.kind === 'reasoning' ? listOf(part.original) : []));
  const isWanted = originals.length > 0 && others.some(({ kind }) => kind === 'call');
  const thought = { type: 'thinking', thinking: '', signature: sealedSignature(originals) };
  return [...others.map(blockOf), ...(isWanted ? [thought] : [])];
}

function blockOf(part: AnswerPart): JsonObject {
  switch (part.kind) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'reasoning':
      return { type: 'thinking', thinking: part.text, signature: sealedSignature(listOf(part.original)) };
    case 'call': {
      const { callId, name } = part.begin;
      return { type: 'tool_use', id: callId, name, input: inputObject(part.input) };
    }
  }
}
