import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { CallBegin } from '../../../translation/answer-event.ts';

/** A call in the kind in which its client takes it. */
export function callOf({ callKind, callId, name }: CallBegin, input: string): JsonObject {
  return callKind === 'custom'
    ? { id: callId, type: 'custom', custom: { name, input } }
    : { id: callId, type: 'function', function: { name, arguments: input } };
}

/** A piece of its input, in a stream. */
export function callPiece({ callKind }: CallBegin, delta: string): JsonObject {
  return callKind === 'custom' ? { custom: { input: delta } } : { function: { arguments: delta } };
}
