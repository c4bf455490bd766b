import { randomInt } from 'node:crypto';
import { ParkedCalls, type ParkedOwner, type ParkedStep } from '../../features/mcp/gateway/parked-calls.ts';
import { RunningCall, type WaitingRequest } from '../../features/mcp/gateway/running-call.ts';
import type { AskedQuestions } from '../../features/mcp/questions/asked-questions.ts';
import type { Asker } from '../../features/mcp/questions/call-with-questions.ts';
import { Samplings } from '../../features/mcp/questions/samplings.ts';
import { userQuestion, type UserQuestion } from '../../features/mcp/questions/user-question.ts';
import type { Log } from '../../kernel/log.ts';
import type { CallAnswer, CallStep, RunsFor, WaitingCall } from '../call-checks.ts';
import { CallQuestions, isCancel } from './call-questions.ts';
import type { QuestionHooks } from './question-hooks.ts';
import { modelForServer, type ServerSampling } from './sampling-model.ts';

/** A call of a tool whose server may ask the user or the model something. */
export interface AskingCall {
  readonly server: string;
  readonly tool: string;
  /** Whose call it is, and in which conversation: nobody else is asked. */
  readonly client: string;
  readonly conversation: string;
  /** Whether a user is there who could be asked. */
  readonly canAsk: boolean;
  /** What hooks say to what its server asks the user, where there are any for that. */
  readonly hooks?: QuestionHooks | undefined;
  /** Makes the call; what goes wrong with it is an answer, as long as nobody gives it up. */
  readonly work: (asker: Asker, signal: AbortSignal) => Promise<CallAnswer>;
}

/** How many calls may wait for their users, and how long each. */
interface WaitLimits {
  readonly maxCalls: number;
  readonly waitMs: number;
  /** How long the result of one is kept whose server did not wait for its user. */
  readonly resultMs?: number;
}

interface AskingOptions {
  readonly log: Log;
  readonly sampling: ServerSampling;
  /** Remembers what users are asked. */
  readonly askedQuestions: Pick<AskedQuestions, 'note'>;
  readonly limits?: WaitLimits;
}

const limitsByDefault: WaitLimits = { maxCalls: 64, waitMs: 600_000, resultMs: 3_600_000 };

/** The calls of models whose servers ask the user something, and wait for what he says with another request. */
export class AskingCalls {
  readonly #log: Log;
  readonly #sampling: ServerSampling;
  readonly #askedQuestions: AskingOptions['askedQuestions'];
  readonly #parked: ParkedCalls<CallAnswer>;

  constructor({ log, sampling, askedQuestions, limits = limitsByDefault }: AskingOptions) {
    this.#askedQuestions = askedQuestions;
    this.#log = log;
    this.#sampling = sampling;
    this.#parked = new ParkedCalls({ ...limits, log });
  }

  /** Whether a server may ask the model of a conversation. */
  maySample(server: string): boolean {
    return this.#sampling.servers.includes(server);
  }

  /** Runs a call up to its end or to its first question. */
  async run(call: AskingCall, on: RunsFor): Promise<CallStep> {
    const { server, tool } = call;
    const model = modelForServer(server, on, this.#sampling);
    const samplings = new Samplings({ server, tool, log: this.#log }, model);
    const questions = new CallQuestions(call, on);
    const running = new RunningCall<CallAnswer>(requestOf(on), async (own) => {
      const ask: Asker['ask'] = async (question, signal) =>
        question.method === 'sampling/createMessage'
          ? await samplings.answer(question, AbortSignal.any([signal, own.signal]))
          : await questions.ask(question, { running: own, signal });
      return withRefused(await call.work({ client: nameOf(call), ask }, own.signal), questions.refused);
    });
    return await this.#stepOf(await this.#parked.start(ownerOf(call), running), {
      ...{ call, running, samplings, questions },
    });
  }

  async #stepOf(step: ParkedStep<CallAnswer>, known: KnownCall): Promise<CallStep> {
    if (step.kind === 'done') return step.result;
    const [[key, request] = []] = Object.entries(step.questions);
    const reading = request && userQuestion(request, known.call);
    // Only those were put to the user that can be.
    if (key === undefined || reading?.kind !== 'question') throw new Error('a call waits without a question');
    return await this.#waiting(
      { ...known, key, state: step.state, question: reading.question, mark: newMark() },
      [],
    );
  }

  async #waiting(asked: AskedQuestion, problems: readonly string[]): Promise<WaitingCall> {
    const { call, running, samplings, questions, question, key, state, mark } = asked;
    const asks = question.text(problems, mark);
    await this.#askedQuestions.note(asks);
    return {
      asks,
      leave: () => {
        this.#parked.drop(state, 'its user is not asked');
      },
      over: () => this.#overOf(asked),
      hasEnded: () => running.hasEnded && this.#parked.has(state),
      goOn: async (text, on) => {
        if (running.signal.aborted) return ended(running.signal.reason);
        const isAsked = running.openKeys.includes(key);
        const reply = question.read(text);
        if (reply.kind === 'unclear' && isAsked) return await this.#waiting(asked, reply.problems);
        const answer = reply.kind === 'unclear' ? undefined : reply.result;
        samplings.goOnWith(modelForServer(call.server, on, this.#sampling));
        questions.goOnWith(on);
        const request = requestOf(on);
        // Who cancels is through with all that the call asks.
        const keys = isCancel(answer) ? running.openKeys : [key];
        const answers = Object.fromEntries(keys.map((one) => [one, answer]));
        const step = await this.#parked.resume(state, ownerOf(call), request, answers);
        return step === undefined ? ended(answeredElsewhere) : await this.#stepOf(step, asked);
      },
    };
  }

  /** Why an answer to a question does not count any more. */
  #overOf({ running, key, state }: AskedQuestion): string | undefined {
    if (running.signal.aborted) return reasonOf(running.signal.reason);
    if (!this.#parked.has(state)) return answeredElsewhere.message;
    return running.openKeys.includes(key) ? undefined : 'its server does not wait for an answer any more';
  }
}

interface KnownCall {
  readonly call: AskingCall;
  readonly running: RunningCall<CallAnswer>;
  readonly samplings: Samplings;
  readonly questions: CallQuestions;
}

interface AskedQuestion extends KnownCall {
  readonly key: string;
  readonly state: string;
  readonly question: UserQuestion;
  /** Its own, among all questions that wait. */
  readonly mark: string;
}

/** Digits that nobody takes for other ones, of which no word is made. */
const markDigits = '23456789BCDFGHJKMNPQRSTVWXZ';
const markLength = 6;

/** By chance, so that no server and no model can have said the same before. */
function newMark(): string {
  const digits = Array.from({ length: markLength }, () => markDigits[randomInt(markDigits.length)]);
  return digits.join('');
}

function ownerOf({ client, conversation, server, tool }: AskingCall): ParkedOwner {
  return { caller: client, client: conversation, asked: `mcp__${server}__${tool}` };
}

/** One caller may have many conversations, and callers without keys have one name. */
function nameOf({ client, conversation }: AskingCall): string {
  return `${client} ${conversation}`;
}

const answeredElsewhere = new Error(
  'its question was answered before, in another branch of this conversation',
);

/** What the model is told of a call that its user answered too late, or twice. */
function ended(reason: unknown): CallAnswer {
  return {
    output: `The server asked the user something, and the call did not go on with this answer: ${reasonOf(reason)}. Make the call again to have it asked anew.`,
    isError: true,
  };
}

function reasonOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : 'it was given up';
}

function withRefused(answer: CallAnswer, refused: ReadonlySet<string>): CallAnswer {
  if (refused.size === 0) return answer;
  const notes = [...refused].map((fault) => `[A question of the server was declined: ${fault}]`);
  return { ...answer, output: [answer.output, ...notes].filter((text) => text !== '').join('\n') };
}

/** What a server logs, or how far it is, nobody reads in a conversation. */
function requestOf({ signal }: RunsFor): WaitingRequest {
  return { signal, onProgress: undefined, onLog: () => undefined };
}
