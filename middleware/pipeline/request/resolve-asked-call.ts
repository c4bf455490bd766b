import { hiddenPart, type AskedCall, type ChainedTurn } from '../../features/sessions/session-turns.ts';
import type { Sessions } from '../../features/sessions/sessions.ts';
import { isYes, parseTrustAnswer, type TrustAnswer } from '../../features/trust/parse-answer.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { Reply } from '../../kernel/reply.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
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
 * its call and the output, and neither question nor answer. A no goes to the model, with a refusal for the output
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
  if (asked.word !== (answer ?? 'other')) await settle({ turn, isUnclear }, asked, answer, codec);
  // It may be one of many alike, of which the first are forgotten: what came of it is to be put back.
  if (chained?.turn !== turn) sessions.knownOf(exchange)?.turns.keep(turn, turn.behind);
  const verdict = asked.outcome === 'released' ? 'allowed' : 'refused';
  exchange.record.addDecision({ ...asked.named, verdict, by: 'the user' });
  if (answer === undefined) return exchange;
  if (asked.outcome === 'refused') {
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

/** Completes the turn by what becomes of its call. Where the client gets it, it is seen, behind the user's answer. */
async function settle(
  { turn, isUnclear }: AskedTurn,
  asked: AskedCall,
  answer: TrustAnswer | undefined,
  { keysOf, outputs }: RoundCodec,
): Promise<void> {
  const { item, said, partsBefore = turn.parts } = asked;
  const isAllowed = isYes(answer);
  const isReleased = isAllowed && !isUnclear;
  const reason = answer === undefined ? userSaid : isAllowed ? unclear : waitForUser;
  const refusals = isReleased ? [] : outputs(item, reason, true);
  if (answer !== undefined && (isReleased || !isAllowed)) await asked.resolve(answer);
  asked.word = answer ?? 'other';
  asked.outcome = isReleased ? 'released' : 'refused';
  asked.partsBefore = partsBefore;
  turn.parts = [
    ...partsBefore,
    ...said.map((call) =>
      isReleased && call === item
        ? ({ kind: 'seen', keys: keysOf(item) } as const)
        : hiddenPart({ kind: 'said', item: call }),
    ),
    ...[...asked.outputs, ...refusals].map(hiddenPart),
  ];
}
