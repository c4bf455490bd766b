import { missingServersKey } from '../../mcp/missing-servers.ts';
import type { AnswerStep } from '../answer-step.ts';

/** Says to the user, at the end of the answer, which servers are missing, and why. The model never gets to see it. */
export const missingServersStep: AnswerStep = {
  name: 'missing-servers',
  open: ({ state }) => {
    const notes = state.get(missingServersKey);
    return notes && { messages: () => notes };
  },
};
