import type { JsonObject } from '../../../kernel/json-object.ts';
import type { HistoryCodec } from '../history-codec.ts';
import { listOf } from '../common/list-of.ts';
import { responsesCall } from './calls.ts';
import { responsesResult, withResponsesResult } from './results.ts';

export const responsesHistory: HistoryCodec = {
  isModels,
  isOutput: ({ type }) =>
    typeof type === 'string' && (type.endsWith('_output') || type === 'mcp_approval_response'),
  callsIn: (item) => listOf(responsesCall(item)),
  resultsIn: (item) => listOf(responsesResult(item)),
  withResults: withResponsesResult,
  hasObjectInputs: false,
};

function isModels({ type, role }: JsonObject): boolean {
  if (type === undefined || type === 'message') return role === 'assistant';
  if (type === 'reasoning' || type === 'mcp_approval_request') return true;
  return typeof type === 'string' && type.endsWith('_call');
}
