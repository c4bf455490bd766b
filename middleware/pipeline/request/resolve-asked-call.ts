import { codeSpan } from '../../features/built-ins/code-markdown.ts';
import { oneAtATime } from '../../features/sessions/one-at-a-time.ts';
import {
  askedWord,
  hiddenPart,
  isReplyTo,
  nextQuestion,
  saidWord,
  type Answering,
  type AskedCall,
  type CallProgress,
  type ChainedTurn,
  type Settlement,
  type TurnPart,
} from '../../features/sessions/session-turns.ts';
import type { Sessions } from '../../features/sessions/sessions.ts';
import { isYes, parseTrustAnswer, type TrustAnswer } from '../../features/trust/parse-answer.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { Reply } from '../../kernel/reply.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import type { HistoryItem } from '../../protocol/apis/history-item.ts';
import type { CallOutput } from '../../protocol/apis/turn-codec.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { UserPrompt } from '../../protocol/conversation/user-prompt.ts';
import { callerKey, modelCallerOf } from '../hooks/model/model-caller.ts';
import { answerLocally } from '../answer-locally.ts';
import { addUserNotes } from '../user-notes.ts';
import { calledKind, type Finder } from './commands/command-in.ts';
import { furtherKey, type FurtherText } from './ask-further.ts';
import { editConversation } from './current-conversation.ts';
import { keptQuestionKey, type KeptQuestion } from './kept-question.ts';
import type { AskedTurn } from './asked-turn.ts';
import { withoutText } from './without-text.ts';

interface CallQuestion extends AskedTurn {
  readonly conversation: Conversation;
  /** The message of the user behind it. */
  readonly prompt: UserPrompt;
  readonly codec: RoundCodec;
  /** Where the request goes on from an answer by its id. */
  readonly chained: ChainedTurn | undefined;
  readonly sessions: Sessions;
  /** Where it is answered. */
  readonly project: ProjectSnapshot | undefined;
  readonly catalog: Finder;
}

/** Of an exchange whose newest message is a command, and no answer to what a call asked: what its user is told of the question. */
export const endedQuestionKey = new StateKey<string>('question that a command ended');

/**
 * Takes the user's answer to a question about a call of the model, or of one that runs here.
 *
 * On the wire: the answer that asked ended with a text of ours in the place of the call. The user's next message
 * answers it when it is `y`, `yes`, `a`, `always`, `n` or `no`. A yes is answered here with the call, as an answer
 * of the client's API that holds nothing else, so that the client runs it and sends its output; the model then sees
 * its call and the output, and neither question nor answer. A call of a tool of ours runs here instead, and what came
 * of it goes to the model at once. A no goes to the model, with a refusal for the output
 * of its call and without the user's word. A command that is answered here leaves it waiting. Any other message is a no as
 * well, and goes to the model behind the refusal; of a command the user is told so. A yes that may be for one of several calls is for none. A request that is sent again is answered the same
 * again. A call that runs and asks something itself takes any message for an answer, but a call of a command: one
 * that is not answered here cancels it and runs as a command. Where it asks again, `ask-further` puts that to the user, as it does with the reason why a hook ends the turn behind the call.
 */
export async function resolveAskedCall(
  exchange: Exchange,
  question: CallQuestion,
): Promise<Exchange | Reply> {
  const { turn, isUnclear, prompt, codec } = question;
  const { asked } = turn;
  if (asked === undefined) return exchange;
  const { text } = prompt;
  // Servers and hooks of a call that runs now may ask a model, for this request.
  exchange.state.set(callerKey, modelCallerOf(exchange));
  const called = await calledKind(prompt, exchange, question);
  const kept = called === 'answered' ? keptIn(asked, question) : undefined;
  if (kept !== undefined) {
    exchange.state.set(keptQuestionKey, kept);
    return exchange;
  }
  const ended = endedText(asked);
  const settlement = await settle(exchange, {
    isUnclear,
    asked,
    text,
    isCommand: called !== undefined,
    codec,
  });
  keepTurn(exchange, question);
  const { kind, isByCommand = false, unused } = settlement;
  exchange.record.addDecision({ ...asked.named, verdict: verdicts[kind], by: 'the user' });
  const isRefused = called !== undefined && kind === 'refused';
  if (isByCommand || isRefused) exchange.state.set(endedQuestionKey, ended);
  else if (unused !== undefined)
    addUserNotes(exchange, [`${overText(asked, unused)} What you said to it was not used.`]);
  return isByCommand || !isReplyTo(asked, text)
    ? exchange
    : goOnWith(exchange, { asked, settlement }, question);
}

/** The question, where it waits and a command of ours leaves it so: of several it could not be told which. */
function keptIn(asked: AskedCall, question: CallQuestion): KeptQuestion | undefined {
  const { open, settlements } = asked;
  const isSettled = settlements.has(saidWord(question.prompt.text));
  if (question.isUnclear || isSettled || open?.over() !== undefined) return undefined;
  return { asked, chainId: chainOf(question)?.id };
}

/** The answer that the request goes on from by its id, where that is the one that asked. */
function chainOf({ chained, turn }: CallQuestion): ChainedTurn | undefined {
  return chained?.turn === turn ? chained : undefined;
}

/** It may be one of many alike, of which the first are forgotten: what came of it is to be put back. */
function keepTurn(exchange: Exchange, question: CallQuestion): void {
  const { turn, sessions } = question;
  if (chainOf(question) === undefined) sessions.knownOf(exchange)?.turns.keep(turn, turn.behind);
}

/** What an answer comes to: a call that the client gets, or that the model does with its output, or a text of ours. */
function goOnWith(
  exchange: Exchange,
  { asked, settlement }: { readonly asked: AskedCall; readonly settlement: Settlement },
  question: CallQuestion,
): Exchange | Reply {
  const { conversation, prompt, codec, sessions } = question;
  const chain = chainOf(question);
  if (settlement.kind === 'released')
    return answerLocally(exchange, '', {
      ...{ sessions, answer: codec.callAnswer(asked.item), isInChain: chain !== undefined },
    });
  editConversation(exchange, conversation.edit(new Map([[prompt.index, withoutText(prompt)]])));
  const further = furtherOf(settlement);
  if (further !== undefined) exchange.state.set(furtherKey, { ...further, chainId: chain?.id });
  return exchange;
}

/** What its user is told where a command ends it, or comes behind its end. */
function endedText(asked: AskedCall): string {
  if (asked.open === undefined)
    return `The call of ${codeSpan(asked.named.tool)} was refused: a command is no answer to the question about it.`;
  const why = asked.open.over();
  return why === undefined
    ? `${questionOf(asked)} was cancelled: a command is no answer to it.`
    : overText(asked, why);
}

function overText(asked: AskedCall, why: string): string {
  return `${questionOf(asked)} does not wait any more: ${why}.`;
}

function questionOf({ named }: AskedCall): string {
  return `The question of ${codeSpan(named.tool)}`;
}

/** What the user reads in the place of an answer of the model. */
function furtherOf({ next, stop, parts }: Settlement): Omit<FurtherText, 'chainId'> | undefined {
  if (next !== undefined) return { ...next, parts: [] };
  return stop === undefined ? undefined : { text: stop, asked: undefined, parts };
}

const verdicts = { released: 'allowed', answered: 'allowed', refused: 'refused', asked: 'asked' } as const;

// The words that models know from Claude Code.
const rejected =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file).";
const waitForUser = `${rejected} STOP what you are doing and wait for the user to tell you how to proceed.`;
const unclear = `${rejected} The user was asked about several calls in the same words, and it cannot be told which one the answer is for. Make the call again.`;
const userSaid = `${rejected} To tell you how to proceed, the user says what follows.`;

interface AnsweredCall extends Pick<AskedTurn, 'isUnclear'> {
  readonly asked: AskedCall;
  /** What the user says. */
  readonly text: string;
  /** Whether it calls a command, and answers nothing. */
  readonly isCommand: boolean;
  readonly codec: RoundCodec;
}

/** What becomes of a call by what the user says: the same each time, and once for a yes that comes twice at once. */
function settle({ signal, state }: Exchange, answered: AnsweredCall): Promise<Settlement> {
  const by: Answering = { signal, state };
  const { asked, text } = answered;
  const word = askedWord(asked, text);
  return oneAtATime(asked.underWay, [word], async () => {
    const known = asked.settlements.get(word);
    const settlement = await (word === saidWord(text)
      ? (known ?? goOn(by, answered))
      : settleWord(known, { by, answered }));
    asked.settlements.set(word, settlement);
    return settlement;
  });
}

async function settleWord(
  known: Settlement | undefined,
  { by, answered }: { readonly by: Answering; readonly answered: AnsweredCall },
): Promise<Settlement> {
  const { asked, text, isUnclear } = answered;
  const answer = parseTrustAnswer(text);
  const isAllowed = known === undefined ? isYes(answer) && !isUnclear : known.kind !== 'refused';
  // What a user who went back says now counts, and not what he said before.
  if (answer !== undefined && answer !== asked.word && (isAllowed || answer === 'no'))
    await asked.resolve(answer);
  const settlement = known ?? (isAllowed ? await allow(by, answered) : refuse(answered));
  asked.word = answer ?? 'other';
  return settlement;
}

/** A call of ours runs. One of the client is seen by it, behind the user's answer. */
async function allow(by: Answering, answered: AnsweredCall): Promise<Settlement> {
  const { asked, codec } = answered;
  const { item, said, outputs } = asked;
  if (asked.run !== undefined) return settledBy(await asked.run(by), answered);
  const calls = said.map((call): TurnPart =>
    call === item ? { kind: 'seen', keys: codec.keysOf(item) } : hiddenPart({ kind: 'said', item: call }),
  );
  return { kind: 'released', parts: [...calls, ...outputs.map(hiddenPart)] };
}

/** A call that runs goes on. */
async function goOn(by: Answering, answered: AnsweredCall): Promise<Settlement> {
  const { asked, text, isCommand, isUnclear } = answered;
  const unused = isUnclear ? undefined : asked.open?.over();
  const settlement =
    isUnclear || asked.open === undefined
      ? settledHere('refused', { text: unclear, isError: true }, answered)
      : settledBy(await asked.open.goOn(isCommand ? 'cancel' : text, by), answered);
  return { ...settlement, isByCommand: isCommand, unused };
}

function settledBy(progress: CallProgress, answered: AnsweredCall): Settlement {
  return 'output' in progress
    ? { ...settledHere('answered', progress.output, answered), stop: progress.stop }
    : { kind: 'asked', parts: [], next: nextQuestion(answered.asked, progress) };
}

function refuse(answered: AnsweredCall): Settlement {
  const text = refusalFor(parseTrustAnswer(answered.text));
  return settledHere('refused', { text, isError: true }, answered);
}

function settledHere(
  kind: Settlement['kind'],
  output: CallOutput,
  { asked: { item, said, outputs }, codec }: AnsweredCall,
): Settlement {
  const calls = said.map((call): HistoryItem => ({ kind: 'said', item: call }));
  return { kind, parts: [...calls, ...outputs, ...codec.outputs(item, output)].map(hiddenPart) };
}

function refusalFor(answer: TrustAnswer | undefined): string {
  if (answer === undefined) return userSaid;
  return answer === 'no' ? waitForUser : unclear;
}
