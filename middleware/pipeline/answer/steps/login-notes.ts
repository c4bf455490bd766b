import { asksForJson } from '../../../protocol/asks-for-json.ts';
import { loginNotesKey } from '../../mcp/login-notes.ts';
import type { AnswerStep } from '../answer-step.ts';

/** Says to the user, at the end of the answer, which servers want a login. The model never gets to see it. */
export const loginNotesStep: AnswerStep = {
  name: 'login-notes',
  open: ({ state, request }) => {
    const notes = state.get(loginNotesKey);
    return notes === undefined || asksForJson(request) ? undefined : { messages: () => notes };
  },
};
