import { asksForJson } from '../../../protocol/asks-for-json.ts';
import { serverNotesKey } from '../../mcp/server-notes.ts';
import type { AnswerStep } from '../answer-step.ts';

/** Says to the user, at the end of the answer, which servers are missing, and why. The model never gets to see it. */
export const serverNotesStep: AnswerStep = {
  name: 'server-notes',
  open: ({ state, request }) => {
    const notes = state.get(serverNotesKey);
    return notes === undefined || asksForJson(request) ? undefined : { messages: () => notes };
  },
};
