import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { isUnremarkable, type AnswerSigns } from '../../protocol/apis/answer-signs.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
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

/** How an answer looks that no step has anything to do with; `undefined` where they have something to do with each. */
function signsFor({ state, request }: Exchange): AnswerSigns | undefined {
  // What was put back is over when the answer is.
  if (state.get(putBackKey) !== undefined || state.get(runsKey)?.every(decidesCallsAlone) !== true)
    return undefined;
  return codecOf(request.api).rounds?.signs;
}

/**
 * Reads an answer once for all steps that take part in it, and writes it once: calls are held until they are
 * decided, the model is called again where calls were refused or hooks send it back to work, and the client sees
 * one answer. What no step changes keeps its bytes.
 */
export function createAnswerStepsFilter(options: AnswerStepsOptions): AnswerFilter {
  const { steps: all } = options;
  // Asked of those exchanges alone whose answer is wanted.
  const runOf = (exchange: Exchange, codec: RoundCodec): AnswerRun =>
    new AnswerRun({ ...options, steps: exchange.state.get(runsKey) ?? [], exchange, codec });
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
      const { rounds } = codecOf(exchange.request.api);
      const signs = signsFor(exchange);
      if (rounds === undefined || signs === undefined) return undefined;
      const open = (): StreamedAnswer => new StreamedAnswer(runOf(exchange, rounds));
      return new PassingStream(stream, { open, signs: signs.stream, limits: options.limits });
    },
    events: (frames, exchange) => {
      const { rounds } = codecOf(exchange.request.api);
      return rounds === undefined ? frames : new StreamedAnswer(runOf(exchange, rounds)).frames(frames);
    },
    passes: (answer, exchange) => {
      const signs = signsFor(exchange);
      return signs !== undefined && isUnremarkable(answer, signs);
    },
    json: (answer, exchange, text) => {
      const { rounds } = codecOf(exchange.request.api);
      return rounds === undefined ? answer : wholeAnswer({ answer, text }, runOf(exchange, rounds));
    },
  };
}
