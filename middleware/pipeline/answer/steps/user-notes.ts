import { userNotesKey } from '../../user-notes.ts';
import type { AnswerStep } from '../answer-step.ts';

/** Says to the user, at the end of the answer, what is to be known beside it. The model never gets to see it. */
export const userNotesStep: AnswerStep = {
  name: 'user-notes',
  open: ({ state }) => {
    const notes = state.get(userNotesKey);
    return notes && { messages: () => notes };
  },
};
