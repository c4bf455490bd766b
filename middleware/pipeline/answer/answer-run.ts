import type { Sessions } from '../../features/sessions/sessions.ts';
import type { RoundLimits } from '../../kernel/answer-limits.ts';
import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { failureOf } from '../../protocol/apis/answer-failure.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import { holdsNone } from '../../protocol/apis/common/holds-none.ts';
import type { Ending, Holds } from '../../protocol/apis/round.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { localHeadOf } from '../../protocol/local-head.ts';
import type { LocalAnswerHead } from '../../protocol/apis/local-answer.ts';
import type { TextTransform } from '../../features/hooks/scripts/text-transform.ts';
import { noteFailedRound, putBackKey } from '../put-back.ts';
import { AnswerRecord } from './answer-record.ts';
import { waitsForEnd, type StepRun } from './answer-step.ts';
import { CallDecisions } from './call-decisions.ts';
import type { CallResolution } from './resolve-call.ts';
import { tooManyRounds } from './too-many-rounds.ts';

export interface AnswerRunOptions {
  readonly exchange: Exchange;
  readonly codec: RoundCodec;
  /** Those that have to do with the answer, in order. */
  readonly steps: readonly StepRun[];
  /** Calls the model again. */
  readonly send: (exchange: Exchange) => Promise<UpstreamAnswer>;
  /** Where it is remembered what clients have not seen of their answers, and models not. */
  readonly sessions: Sessions;
  /** How much of the answers to those calls may be held, and how many there may be. */
  readonly limits: RoundLimits;
}

/** One answer to a client, over as many rounds as the steps make of it: what all rounds have in common, streamed or not. */
export class AnswerRun {
  readonly codec: RoundCodec;
  readonly options: AnswerRunOptions;
  readonly record: AnswerRecord;
  readonly decisions: CallDecisions | undefined;
  /** Names what is said behind the answer; not as a question of ours, which may stand in the same conversation. */
  readonly messageHead: LocalAnswerHead;
  /** Whether there is something to do when the answer is over, so that its end waits. */
  readonly holdsEnd: boolean;
  /** Rounds in a row, each but the first because of what came of calls: see `maxRounds`. */
  #rounds = 1;
  #isFirstRound = true;

  constructor(options: AnswerRunOptions) {
    const { exchange, codec, steps, sessions } = options;
    const checks = steps.find(({ calls }) => calls !== undefined)?.calls;
    this.options = options;
    this.codec = codec;
    const head = localHeadOf(exchange);
    this.messageHead = { ...head, id: `${exchange.id}-hooks` };
    this.record = new AnswerRecord(exchange, codec, sessions, head);
    const runners = steps.flatMap(({ tools }) => tools ?? []);
    const isDecided = checks !== undefined || runners.length > 0;
    this.decisions = isDecided ? new CallDecisions(exchange, checks, runners) : undefined;
    this.holdsEnd =
      // What was put back is over then.
      exchange.state.get(putBackKey) !== undefined || steps.some(waitsForEnd);
  }

  /** Whether a call has to be held until it is decided. */
  get holds(): Holds {
    return this.decisions?.holds ?? holdsNone;
  }

  get isFirstRound(): boolean {
    return this.#isFirstRound;
  }

  /** What changes the texts that the client gets, where anything does: each step gets what those before it made. */
  async texts(): Promise<TextTransform | undefined> {
    const made = await Promise.all(this.options.steps.map(async (step) => step.texts?.()));
    const transforms = made.filter((transform) => transform !== undefined);
    if (transforms.length === 0) return undefined;
    return (text) => transforms.reduce((before, transform) => transform(before), text);
  }

  /** The exchange with which the answer goes on when the model is told what came of its calls. Throws where that is too often. */
  again(request: ApiRequest): Exchange {
    const { exchange, limits } = this.options;
    const { maxRounds } = limits;
    this.#isFirstRound = false;
    this.#rounds += 1;
    if (this.#rounds <= maxRounds) return { ...exchange, request };
    throw tooManyRounds(maxRounds, this.decisions?.refused);
  }

  /** What became of the calls of a round that is over, as it is taken into the record. */
  async settled(
    resolutions: ReadonlyMap<string, CallResolution>,
  ): Promise<ReadonlyMap<string, CallResolution>> {
    return this.decisions === undefined ? resolutions : await this.decisions.settled(resolutions);
  }

  /** The exchange with which the model goes on that wanted to end; `undefined` where it may. */
  async afterEnd(ending: Ending): Promise<Exchange | undefined> {
    if (ending !== 'complete' || !this.record.mayGoOn) return undefined;
    for (const { ended } of this.options.steps) {
      const words = (await ended?.(this.record.lastText)) ?? [];
      if (words.length === 0) continue;
      this.#isFirstRound = false;
      this.#rounds = 1;
      return { ...this.options.exchange, request: this.record.goOn(words) };
    }
    return undefined;
  }

  /**
   * What is said to the user behind the answer. Nothing in one that failed, or behind a question, which the next
   * words are to answer.
   */
  messages(ending: Ending): string | undefined {
    if (ending === 'failed' || this.record.isAsking) return undefined;
    const messages = this.options.steps.flatMap((step) => step.messages?.() ?? []);
    return messages.length === 0 ? undefined : messages.join('\n\n');
  }

  /** Tells that the answer itself says that it failed. */
  fail(told: JsonObject): void {
    const failure = failureOf(told);
    noteFailedRound(this.options.exchange, failure, this.#isFirstRound);
    for (const { failed } of this.options.steps) failed?.(failure);
  }
}
