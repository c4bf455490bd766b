import type { JsonObject } from '../../../kernel/json-object.ts';
import type { HistoryCodec } from '../history-codec.ts';
import { listOf } from '../common/list-of.ts';
import { textAt } from '../common/read-event.ts';
import { answeredTypeOf, callTypeOf } from './calls/call-kinds.ts';
import { responsesCall } from './calls/calls.ts';
import { responsesResult, withResponsesResult } from './calls/results.ts';

export const responsesHistory: HistoryCodec = {
  isModels,
  isOutput: (item) => answeredTypeOf(item) !== undefined || textAt(item, 'type').endsWith('_output'),
  callsIn: (item) => listOf(responsesCall(item)),
  resultsIn: (item) => listOf(responsesResult(item)),
  withResults: withResponsesResult,
  hasObjectInputs: false,
};

/** Also what the provider ran itself. */
function isModels(item: JsonObject): boolean {
  const { type, role } = item;
  if (type === undefined || type === 'message') return role === 'assistant';
  return type === 'reasoning' || callTypeOf(item) !== undefined || textAt(item, 'type').endsWith('_call');
}
