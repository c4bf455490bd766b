import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { isUnremarkable } from '../../protocol/apis/answer-signs.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { putBackKey } from '../put-back.ts';
import { AnswerRun, type AnswerRunOptions } from './answer-run.ts';
import { waitsForEnd, type AnswerStep, type StepRun } from './answer-step.ts';
import { PassingStream } from './passing-stream.ts';
import { StreamedAnswer } from './streamed-answer.ts';
import { wholeAnswer } from './whole-answer.ts';

interface AnswerStepsOptions extends Pick<AnswerRunOptions, 'send' | 'sessions' | 'limits'> {
  /** In the order in which they take part. */
  readonly steps: readonly AnswerStep[];
}

/** What the steps said when the filter was asked whether it wants the answer. */
const runsKey = new StateKey<readonly StepRun[]>('answer steps');

/** Whether a step has nothing to do with an answer but for its calls, and where it fails. */
function decidesCallsAlone(step: StepRun): boolean {
  return step.texts === undefined && !waitsForEnd(step);
}

/** Whether an answer without a call, and that did not fail, is as good as one that no step takes part in. */
function readsAlone({ state }: Exchange): boolean {
  // What was put back is over when the answer is.
  return state.get(putBackKey) === undefined && state.get(runsKey)?.every(decidesCallsAlone) === true;
}

/**
 * Reads an answer once for all steps that take part in it, and writes it once: calls are held until they are
 * decided, the model is called again where calls were refused or hooks send it back to work, and the client sees
 * one answer. What no step changes keeps its bytes.
 */
export function createAnswerStepsFilter(options: AnswerStepsOptions): AnswerFilter {
  const { steps: all } = options;
  const runOf = (exchange: Exchange): AnswerRun | undefined => {
    const steps = exchange.state.get(runsKey);
    const codec = codecOf(exchange.request.api).rounds;
    if (steps === undefined || codec === undefined) return undefined;
    return new AnswerRun({ ...options, steps, exchange, codec });
  };
  return {
    name: 'answer-steps',
    wants: (exchange) => {
      if (codecOf(exchange.request.api).rounds === undefined) return false;
      const runs: StepRun[] = [];
      for (const step of all) {
        const run = step.open(exchange, runs);
        if (run !== undefined) runs.push(run);
      }
      const isWanted = runs.length > 0 || exchange.state.get(putBackKey) !== undefined;
      if (isWanted) exchange.state.set(runsKey, runs);
      return isWanted;
    },
    bytes: (stream, exchange) => {
      const run = readsAlone(exchange) ? runOf(exchange) : undefined;
      return run && new PassingStream(stream, new StreamedAnswer(run), options.limits);
    },
    events: (frames, exchange) => {
      const run = runOf(exchange);
      return run === undefined ? frames : new StreamedAnswer(run).frames(frames);
    },
    passes: (answer, exchange) => {
      const { rounds } = codecOf(exchange.request.api);
      return rounds !== undefined && readsAlone(exchange) && isUnremarkable(answer, rounds.signs);
    },
    json: (answer, exchange, text) => {
      const run = runOf(exchange);
      return run === undefined ? answer : wholeAnswer({ answer, text }, run);
    },
  };
}
