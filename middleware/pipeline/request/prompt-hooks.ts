import type { AskedQuestions } from '../../features/mcp/questions/asked-questions.ts';
import { answersQuestion } from '../../features/mcp/questions/without-questions.ts';
import { mayHoldQuestion } from '../../features/mcp/questions/question-sign.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { Reply } from '../../kernel/reply.ts';
import type { RequestStage } from '../../kernel/stage.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { isForClientAlone } from '../../kernel/turn.ts';
import {
  isAddedByClient,
  newestUserPrompt,
  type UserPrompt,
} from '../../protocol/conversation/user-prompt.ts';
import type { HookTurn } from '../hooks/hook-turn.ts';
import { hasNoHooks, openTurn, type OpenTurnParts } from './hooks/open-turn.ts';
import { onCompaction } from './hooks/on-compaction.ts';
import { onUserPrompt, type PromptParts } from './hooks/on-user-prompt.ts';
import { resolvedKey } from './resolve-approval.ts';
import { onSubagentStart } from './hooks/on-subagent-start.ts';
import { onLeftOutputs, onToolResults } from './hooks/on-tool-results.ts';

export type PromptHooksOptions = PromptParts &
  OpenTurnParts & { readonly askedQuestions: Pick<AskedQuestions, 'known'> };

/**
 * Hooks on what is new in a request: a session, the user's prompt, the outputs of tools, a compaction, a subagent. A hook
 * may answer in place of the model; what it says to the model stays where it is in every later request. A request without
 * hooks goes on as it is.
 */
export function createPromptHooksStage(options: PromptHooksOptions): RequestStage {
  return {
    name: 'prompt-hooks',
    run: (exchange) => {
      const isPassedOver = codecOf(exchange.request.api).rounds === undefined;
      return isPassedOver || hasNoHooks(exchange, options) ? exchange : runHooks(exchange, options);
    },
  };
}

async function runHooks(exchange: Exchange, options: PromptHooksOptions): Promise<Exchange | Reply> {
  const turn = await openTurn(exchange, options);
  // It is opened for the calls in its answer, which are decided by whatever name a client gives to its request.
  if (turn === undefined || isForClientAlone(exchange.turn)) return exchange;
  return (await takeTurn(turn, options)) ?? exchange;
}

/** What the request calls for; resolves with the answer, where it gets one here. */
async function takeTurn(turn: HookTurn, options: PromptHooksOptions): Promise<Reply | undefined> {
  const { kind } = turn.exchange.turn;
  const { api } = turn.exchange.request;
  if (kind === 'compaction') {
    await onLeftOutputs(turn, options.run);
    await onCompaction(turn, options.run);
    return undefined;
  }
  if (kind === 'subagent') {
    await onSubagentStart(turn, options.run);
    return onToolResults(turn, options.run);
  }
  const isReply = turn.exchange.state.get(resolvedKey) !== undefined;
  const prompt = isReply ? promptThatAsked(turn) : newestUserPrompt(turn.conversation, api);
  if (prompt === undefined) return onToolResults(turn, options.run);
  await onLeftOutputs(turn, options.run);
  // Of a question that is known no answer is left by here.
  if (!isReply && (await isForServer(turn, prompt, options))) return undefined;
  return onUserPrompt(turn, prompt, options);
}

/** Whether a prompt answers what a server asked before a restart. */
async function isForServer(
  { conversation, exchange: { request } }: HookTurn,
  { index }: UserPrompt,
  { askedQuestions }: PromptHooksOptions,
): Promise<boolean> {
  if (!mayHoldQuestion(request.json)) return false;
  const wasAsked = await askedQuestions.known();
  return answersQuestion(conversation, index, { api: request.api, wasAsked });
}

/** What made us ask; behind it may stand what the client added before the user's answer. */
function promptThatAsked({ conversation, exchange }: HookTurn): UserPrompt | undefined {
  let last = conversation.length - 1;
  while (last > 0 && isAddedByClient(conversation.at(last))) last -= 1;
  return newestUserPrompt(conversation, exchange.request.api, last);
}
