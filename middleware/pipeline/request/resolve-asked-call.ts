import {
  hiddenPart,
  type AskedCall,
  type ChainedTurn,
  type TurnPart,
} from '../../features/sessions/session-turns.ts';
import type { Sessions } from '../../features/sessions/sessions.ts';
import { isYes, parseTrustAnswer, type TrustAnswer } from '../../features/trust/parse-answer.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Reply } from '../../kernel/reply.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import type { CallOutput } from '../../protocol/apis/turn-codec.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { UserPrompt } from '../../protocol/conversation/user-prompt.ts';
import { answerLocally } from '../answer-locally.ts';
import { editConversation } from './current-conversation.ts';
import type { AskedTurn } from './asked-turn.ts';
import { withoutText } from './restore-calls.ts';

interface CallQuestion extends AskedTurn {
  readonly conversation: Conversation;
  /** The message of the user behind it. */
  readonly prompt: UserPrompt;
  readonly codec: RoundCodec;
  /** Where the request goes on from an answer by its id. */
  readonly chained: ChainedTurn | undefined;
  readonly sessions: Sessions;
}

/**
 * Takes the user's answer to a question about a call of the model.
 *
 * On the wire: the answer that asked ended with a text of ours in the place of the call. The user's next message
 * answers it when it is `y`, `yes`, `a`, `always`, `n` or `no`. A yes is answered here with the call, as an answer
 * of the client's API that holds nothing else, so that the client runs it and sends its output; the model then sees
 * its call and the output, and neither question nor answer. A call of a tool of ours runs here instead, and what came
 * of it goes to the model at once. A no goes to the model, with a refusal for the output
 * of its call and without the user's word. Any other message is a no as well, and goes to the model behind the
 * refusal. A yes that may be for one of several calls is for none. A request that is sent again is answered the same
 * again.
 */
export async function resolveAskedCall(
  exchange: Exchange,
  { turn, isUnclear, conversation, prompt, codec, chained, sessions }: CallQuestion,
): Promise<Exchange | Reply> {
  const { asked } = turn;
  if (asked === undefined) return exchange;
  const answer = parseTrustAnswer(prompt.text);
  // What a user who went back says now counts, and not what he said before.
  if (asked.word !== (answer ?? 'other')) await settle(exchange, { turn, isUnclear, asked, answer, codec });
  // It may be one of many alike, of which the first are forgotten: what came of it is to be put back.
  if (chained?.turn !== turn) sessions.knownOf(exchange)?.turns.keep(turn, turn.behind);
  const verdict = asked.outcome === 'refused' ? 'refused' : 'allowed';
  exchange.record.addDecision({ ...asked.named, verdict, by: 'the user' });
  if (answer === undefined) return exchange;
  if (asked.outcome !== 'released') {
    editConversation(exchange, conversation.edit(new Map([[prompt.index, withoutText(prompt)]])));
    return exchange;
  }
  const isInChain = chained?.turn === turn;
  return answerLocally(exchange, '', { sessions, answer: codec.callAnswer(asked.item), isInChain });
}

// The words that models know from Claude Code.
const rejected =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file).";
const waitForUser = `${rejected} STOP what you are doing and wait for the user to tell you how to proceed.`;
const unclear = `${rejected} The user was asked about several calls in the same words, and it cannot be told which one the answer is for. Make the call again.`;
const userSaid = `${rejected} To tell you how to proceed, the user says what follows.`;

interface Settlement extends AskedTurn {
  readonly asked: AskedCall;
  readonly answer: TrustAnswer | undefined;
  readonly codec: RoundCodec;
}

/** Completes the turn by what becomes of its call. Where the client gets it, it is seen, behind the user's answer. */
async function settle(
  { signal }: Pick<Exchange, 'signal'>,
  { turn, isUnclear, asked, answer, codec }: Settlement,
): Promise<void> {
  const { item, said, partsBefore = turn.parts } = asked;
  const isAllowed = isYes(answer) && !isUnclear;
  if (answer !== undefined && (isAllowed || !isYes(answer))) await asked.resolve(answer);
  const output = isAllowed ? await runOnce(asked, signal) : { text: refusalFor(answer), isError: true };
  asked.word = answer ?? 'other';
  // What did not run here is for the client.
  asked.outcome = output === undefined ? 'released' : isAllowed ? 'answered' : 'refused';
  asked.partsBefore = partsBefore;
  const outputs = output === undefined ? [] : codec.outputs(item, output);
  const partOf = (call: JsonObject): TurnPart =>
    output === undefined && call === item
      ? { kind: 'seen', keys: codec.keysOf(item) }
      : hiddenPart({ kind: 'said', item: call });
  turn.parts = [...partsBefore, ...said.map(partOf), ...[...asked.outputs, ...outputs].map(hiddenPart)];
}

/** Runs a call of ours, once for a yes that comes twice at once; `undefined` for one of the client. */
async function runOnce(asked: AskedCall, signal: AbortSignal): Promise<CallOutput | undefined> {
  if (asked.run === undefined) return undefined;
  asked.running ??= asked.run(signal).finally(() => {
    asked.running = undefined;
  });
  return asked.running;
}

function refusalFor(answer: TrustAnswer | undefined): string {
  if (answer === undefined) return userSaid;
  return answer === 'no' ? waitForUser : unclear;
}
