import type { FailedAnswers } from '../../hooks/failed-answers.ts';
import type { AnswerStep } from '../answer-step.ts';

/** Notes answers that say themselves that they failed; nothing in them changes. */
export function createFailedAnswersStep(failures: FailedAnswers): AnswerStep {
  return {
    name: 'note-failure',
    open: (exchange) => {
      if (failures.placeOf(exchange) === undefined) return undefined;
      return {
        failed: (failure) => {
          failures.note(exchange, failure);
        },
      };
    },
  };
}
