import type { HistoryCodec } from '../history-codec.ts';
import { objectsIn } from '../common/read-event.ts';
import { messagesCall } from './calls.ts';
import { messagesResult, withMessagesResults } from './results.ts';

export const messagesHistory: HistoryCodec = {
  isModels: ({ role }) => role === 'assistant',
  // Outputs stand in messages of the user.
  isOutput: () => false,
  callsIn: ({ content }) => objectsIn(content).flatMap((block) => messagesCall(block) ?? []),
  resultsIn: ({ content }) => objectsIn(content).flatMap((block) => messagesResult(block) ?? []),
  withResults: withMessagesResults,
  hasObjectInputs: true,
};
