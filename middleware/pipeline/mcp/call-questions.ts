import type { RunningCall } from '../../features/mcp/gateway/running-call.ts';
import type { Asker } from '../../features/mcp/questions/call-with-questions.ts';
import { userQuestion } from '../../features/mcp/questions/user-question.ts';
import { isJsonObject } from '../../kernel/json-object.ts';

/** How many questions one call may put to its user, one after the other or at once. */
const maxQuestions = 10;
/** Of which the model is told. */
const maxRefused = 3;

interface QuestionedCall {
  readonly server: string;
  readonly tool: string;
  /** Whether a user is there who could be asked. */
  readonly canAsk: boolean;
}

/** What the server of one call asks the user, within bounds: a conversation is not to be held by a server that goes on asking. */
export class CallQuestions {
  /** Why questions were declined without asking anybody. */
  readonly refused = new Set<string>();
  readonly #call: QuestionedCall;
  readonly #running: Pick<RunningCall<unknown>, 'ask'>;
  #count = 0;
  #isCancelled = false;

  constructor(call: QuestionedCall, running: Pick<RunningCall<unknown>, 'ask'>) {
    this.#call = call;
    this.#running = running;
  }

  /** Puts a question to the user; behind a `cancel` of his it puts none, and the server is told the same again. */
  readonly ask: Asker['ask'] = async (question, signal) => {
    if (this.#isCancelled || !this.#call.canAsk) return { action: 'cancel' };
    const reading = userQuestion(question, this.#call);
    if (reading.kind === 'refused') return this.#refuse(reading.fault);
    if (this.#count >= maxQuestions) return this.#refuse(`one call may ask ${maxQuestions} at most`);
    this.#count += 1;
    const answer = await this.#running.ask(question, signal);
    if (isCancel(answer)) this.#isCancelled = true;
    return answer;
  };

  #refuse(fault: string): unknown {
    if (this.refused.size < maxRefused) this.refused.add(fault);
    return { action: 'decline' };
  }
}

/** Whether a user answers that he wants nothing more of it. */
export function isCancel(answer: unknown): boolean {
  return isJsonObject(answer) && answer['action'] === 'cancel';
}
