import type { RunningCall } from '../../features/mcp/gateway/running-call.ts';
import {
  userQuestion,
  type ServerAnswer,
  type ServerRequest,
} from '../../features/mcp/questions/user-question.ts';
import { ExchangeState } from '../../kernel/exchange-state.ts';
import { isJsonObject } from '../../kernel/json-object.ts';
import type { RunsFor } from '../call-checks.ts';
import { callerKey } from '../hooks/model/model-caller.ts';
import type { QuestionHooks, ServerQuestion } from './question-hooks.ts';

/** How many questions one call may put to its user, one after the other or at once. */
const maxQuestions = 10;
/** Of which the model is told. */
const maxRefused = 3;

interface QuestionedCall {
  readonly server: string;
  readonly tool: string;
  /** Whether a user is there who could be asked. */
  readonly canAsk: boolean;
  /** What hooks say to its questions, where there are any for them. */
  readonly hooks?: QuestionHooks | undefined;
}

/** What waits while somebody is asked. */
interface Waiting {
  readonly running: Pick<RunningCall<unknown>, 'ask' | 'signal'>;
  readonly signal: AbortSignal;
}

/** What the server of one call asks the user, within bounds: a conversation is not to be held by a server that goes on asking. */
export class CallQuestions {
  /** Why questions were declined without asking anybody. */
  readonly refused = new Set<string>();
  readonly #call: QuestionedCall;
  #state: ExchangeState;
  #count = 0;
  #isCancelled = false;

  constructor(call: QuestionedCall, on: RunsFor) {
    this.#call = call;
    this.#state = stateForHooks(on);
  }

  /** The request that waits for the call is another one now. */
  goOnWith(on: RunsFor): void {
    this.#state = stateForHooks(on);
  }

  /**
   * Puts a question to hooks and to the user; behind a `cancel` of his it puts none, and the server is told the same
   * again.
   */
  async ask(question: ServerRequest, waiting: Waiting): Promise<unknown> {
    const { server, canAsk, hooks } = this.#call;
    if (this.#isCancelled || (!canAsk && hooks === undefined)) return cancelled;
    const reading = userQuestion(question, this.#call);
    if (reading.kind === 'refused') return this.#refuse(reading.fault);
    if (this.#count >= maxQuestions) return this.#refuse(`one call may ask ${maxQuestions} at most`);
    this.#count += 1;
    return await this.#answerTo({ server, request: question, question: reading.question }, waiting);
  }

  async #answerTo(asked: ServerQuestion, { running, signal }: Waiting): Promise<ServerAnswer> {
    const { canAsk, hooks } = this.#call;
    const until = AbortSignal.any([signal, running.signal]);
    const given = await hooks?.asked(asked, { state: this.#state, signal: until });
    if (given !== undefined) return given;
    if (!canAsk || this.#isCancelled) return cancelled;
    const answer = (await running.ask(asked.request, signal)) as ServerAnswer;
    if (isCancel(answer)) this.#isCancelled = true;
    return (await hooks?.answered(asked, answer, { state: this.#state, signal: until })) ?? answer;
  }

  #refuse(fault: string): unknown {
    if (this.refused.size < maxRefused) this.refused.add(fault);
    return { action: 'decline' };
  }
}

/** What hooks need of a request, and no more of it: a call may wait for long. */
function stateForHooks({ state }: RunsFor): ExchangeState {
  const kept = new ExchangeState();
  const caller = state?.get(callerKey);
  if (caller !== undefined) kept.set(callerKey, caller);
  return kept;
}

const cancelled: ServerAnswer = { action: 'cancel' };

/** Whether a user answers that he wants nothing more of it. */
export function isCancel(answer: unknown): boolean {
  return isJsonObject(answer) && answer['action'] === 'cancel';
}
