import type { Approval } from '../../features/sessions/approvals.ts';
import type { ChainedTurn } from '../../features/sessions/session-turns.ts';
import type { SessionMemory, Sessions } from '../../features/sessions/sessions.ts';
import { parseTrustAnswer, type TrustAnswer } from '../../features/trust/parse-answer.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { Reply } from '../../kernel/reply.ts';
import type { RequestStage } from '../../kernel/stage.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { itemKey } from '../../protocol/conversation/item-key.ts';
import { placeBefore } from '../../protocol/conversation/said-before.ts';
import { newestUserPrompt, type UserPrompt } from '../../protocol/conversation/user-prompt.ts';
import { chainedTurnOf } from '../chained-request.ts';
import { answeredNowKey } from '../mcp/answered-now.ts';
import type { ProjectOf } from '../projects.ts';
import { currentConversation } from './current-conversation.ts';
import { askingBehind, chooseAsked } from './asked-turn.ts';
import type { Finder } from './commands/command-in.ts';
import { resolveAskedCall } from './resolve-asked-call.ts';

/** A question that the newest message of the user answers; with what was said to it before, if anything. */
export interface ResolvedApproval {
  readonly approval: Approval;
  readonly answer: TrustAnswer;
  /** The key of that message, which is no prompt. */
  readonly repliedAt: string;
}

/** Of an exchange whose newest message answered a question about a command or hooks. */
export const resolvedKey = new StateKey<ResolvedApproval>('resolved approval');

interface ResolveOptions {
  readonly sessions: Sessions;
  readonly projectOf: ProjectOf;
  /** The commands of files. */
  readonly catalog: Finder;
}

/**
 * Takes the user's answer to a question of ours: about a call of the model, a command, or hooks. Any other message
 * behind one is no answer, and goes on as a prompt; so does one about another project, or that stands elsewhere.
 */
export function createResolveApprovalStage(options: ResolveOptions): RequestStage {
  const { sessions } = options;
  return {
    name: 'resolve-approval',
    run: (exchange) => {
      if (exchange.turn.kind !== 'user') return exchange;
      const chained = chainedTurnOf(exchange, sessions);
      const known = sessions.knownOf(exchange);
      if (chained === undefined && known === undefined) return exchange;
      const conversation = currentConversation(exchange);
      const prompt = conversation && newestUserPrompt(conversation, exchange.request.api);
      if (conversation === undefined || prompt === undefined) return exchange;
      const message = { exchange, conversation, prompt, known };
      return aboutCall(message, chained, options) ?? aboutTrust(message, options);
    },
  };
}

interface Message {
  readonly exchange: Exchange;
  readonly conversation: Conversation;
  readonly prompt: UserPrompt;
  readonly known: SessionMemory | undefined;
}

/** Where a message stands behind a question about a call of the model. */
function aboutCall(
  { exchange, conversation, prompt, known }: Message,
  chained: ChainedTurn | undefined,
  { sessions, projectOf, catalog }: ResolveOptions,
): Promise<Exchange | Reply> | undefined {
  const codec = codecOf(exchange.request.api).rounds;
  if (codec === undefined) return undefined;
  const behind = askingBehind(prompt.index, conversation, { codec, known: known?.turns });
  const isFirst = placeBefore(conversation, prompt.index) === undefined;
  const isChained = behind.turns.length === 0 && isFirst && chained?.turn.asked !== undefined;
  const asking = isChained ? { turns: [chained.turn], hasForgotten: false } : behind;
  if (asking.turns.length === 0) return undefined;
  return projectOf(exchange, conversation).then((project) => {
    const found = chooseAsked(asking, prompt, project?.workspace);
    const { client, caller } = exchange;
    if (project !== undefined) exchange.state.set(answeredNowKey, { project, audience: { client, caller } });
    return found === undefined
      ? exchange
      : resolveAskedCall(exchange, {
          ...{ ...found, conversation, prompt, codec, chained, sessions },
          ...{ project, catalog },
        });
  });
}

/** Where it answers one about a command or hooks. */
function aboutTrust(message: Message, options: ResolveOptions): Exchange | Promise<Exchange> {
  const { exchange, conversation, prompt, known } = message;
  const answer = parseTrustAnswer(prompt.text);
  if (answer === undefined || known === undefined) return exchange;
  const { approvals } = known;
  const approval = approvals.behind(conversation, prompt.index);
  const repliedAt = itemKey(conversation, prompt.index);
  // One that was said before the question was read is sent again.
  if (approval === undefined || approvals.isAskedAt(repliedAt)) return exchange;
  return keep(message, { approval, answer, repliedAt }, known, options);
}

async function keep(
  { exchange, conversation }: Message,
  resolved: ResolvedApproval,
  { ledger, approvals }: SessionMemory,
  { projectOf }: ResolveOptions,
): Promise<Exchange> {
  const { approval, answer, repliedAt } = resolved;
  const project = await projectOf(exchange, conversation);
  if (project?.workspace !== approval.workspace) return exchange;
  // What a user who went back says now counts, and not what he said before.
  if (approval.answered?.word !== answer) await approval.resolve(answer);
  approvals.answer(approval, { word: answer, at: repliedAt });
  // Where it is sent again, what was said to it stays.
  if (ledger.find(repliedAt)?.answer?.isReply !== true)
    ledger.edit(repliedAt, {
      answer: { text: undefined, dropsPrompt: true, isReply: true, isFinal: false },
    });
  exchange.state.set(resolvedKey, resolved);
  return exchange;
}
