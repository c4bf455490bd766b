import type { HistoryCodec } from '../history-codec.ts';
import { listOf } from '../common/list-of.ts';
import { objectsIn } from '../common/read-event.ts';
import { chatCall } from './calls.ts';
import { chatResult, withChatResult } from './results.ts';

export const chatHistory: HistoryCodec = {
  isModels: ({ role }) => role === 'assistant',
  isOutput: ({ role }) => role === 'tool',
  callsIn: (message) => objectsIn(message['tool_calls']).flatMap((entry) => chatCall(entry) ?? []),
  resultsIn: (message) => listOf(chatResult(message)),
  withResults: withChatResult,
  hasObjectInputs: false,
};
