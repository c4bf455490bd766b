import type { TextTransform } from '../../features/hooks/scripts/text-transform.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { AnswerFailure } from '../../protocol/apis/answer-failure.ts';
import type { CallChecks, CallRunner } from '../call-checks.ts';

/** A feature that takes part in answers while they are given. */
export interface AnswerStep {
  readonly name: string;
  /**
   * Asked once for an exchange, before the upstream is called; `undefined`: the answer is none of its business.
   * `before`: what the steps before it have to do in it.
   */
  readonly open: (exchange: Exchange, before: readonly StepRun[]) => StepRun | undefined;
}

/** What a step does in one answer, each at its moment. An answer that no step has anything to do in is not read. */
export interface StepRun {
  /** Decides tool calls before the client has them. The first step that does so decides alone. */
  readonly calls?: CallChecks;
  /** Runs calls here that were not refused, in place of the client. */
  readonly tools?: CallRunner;
  /**
   * Hears that the model wants to end; the words of the user that it goes on with instead, none where it may end.
   * Not asked where the client has a call to run, where the user is asked something, and where the answer is not
   * whole.
   */
  readonly ended?: (lastText: string) => Promise<readonly string[]>;
  /** Makes what changes the texts on their way to the client, behind the steps before it; the model keeps its own. */
  readonly texts?: () => Promise<TextTransform | undefined>;
  /** What is said to the user behind the answer, and never to the model. */
  readonly messages?: () => readonly string[];
  /** Hears that the answer itself says that it failed. */
  readonly failed?: (failure: AnswerFailure) => void;
}

/** Whether a step has something to do when an answer is over, so that its end waits. */
export function waitsForEnd({ ended, messages }: StepRun): boolean {
  return ended !== undefined || messages !== undefined;
}
