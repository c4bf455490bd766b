import { randomUUID } from 'node:crypto';
import type { HookOutcome } from '../../../features/hooks/answer/combine-decisions.ts';
import type { CalledCommand } from '../../../kernel/exchange.ts';
import type { Reply } from '../../../kernel/reply.ts';
import type { UserPrompt } from '../../../protocol/conversation/user-prompt.ts';
import { itemKey, ownId } from '../../../protocol/conversation/item-key.ts';
import { turnKey, type HookPlace } from '../../../features/hooks/sessions/hook-place.ts';
import type { Edit, OwnAnswer } from '../../../features/sessions/ledger.ts';
import type { SessionMemory } from '../../../features/sessions/sessions.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';
import { oneAtATime } from '../../../features/sessions/one-at-a-time.ts';
import { answerPrompt } from './answer-prompt.ts';
import type { RunPreInputScripts } from './run-pre-input-scripts.ts';
import type { RunHooks } from '../../hooks/hook-runner.ts';
import { startContexts } from './start-contexts.ts';
import { askForTrust, type QuestionParts } from './ask-for-trust.ts';
import { takeForUser } from '../../hooks/user-messages.ts';

interface KeyedPrompt extends UserPrompt {
  readonly key: string;
}

export interface PromptParts {
  readonly run: RunHooks;
  readonly runPreInput: RunPreInputScripts;
  readonly question: QuestionParts;
}

/**
 * Runs what a new prompt of the user calls for. A hook that refuses it ends the walk: the client is told why, and
 * the model never sees the prompt. What hooks say to the model is placed right behind the prompt. A prompt that is
 * sent again waits for what is said to the first.
 */
export function onUserPrompt(
  turn: HookTurn,
  prompt: UserPrompt,
  parts: PromptParts,
): Promise<Reply | undefined> {
  const key = itemKey(turn.conversation, prompt.index);
  const { hearing } = turn.place.session;
  return oneAtATime(hearing, [`prompt ${key}`], () => hear(turn, { ...prompt, key }, parts));
}

async function hear(turn: HookTurn, prompt: KeyedPrompt, parts: PromptParts): Promise<Reply | undefined> {
  const { exchange, place, replied } = turn;
  const { session } = place;
  const { key } = prompt;
  const before = heardBefore(turn, prompt);
  if (before !== undefined) return before.text === undefined ? undefined : turn.answer(before.text);
  const question = await askForTrust(turn, prompt, parts.question);
  if (question !== undefined) return question;
  const { contexts, initialUserMessage } = await startAt(turn, key, parts.run);
  session.promptId = randomUUID();
  session.stopBlocks.delete(turnKey(place));
  session.stopsAfter.delete(turnKey(place));
  const command = exchange.called;
  // Those of a command are of its turn.
  if (command === undefined) session.commandRules = [];
  const said = await promptOutcomes(turn, prompt, command, parts);
  if (exchange.signal.aborted) {
    // Hooks that were ended have not heard of the prompt.
    session.later = [...contexts, ...session.later];
    return undefined;
  }
  const answer = answerOf(said, place);
  if (answer !== undefined) return answerPrompt(turn, prompt.index, answer);
  const changed = said.find((outcome) => outcome.prompt !== undefined)?.prompt;
  if (replied === undefined) session.handled.set(`prompt ${key}`, true);
  putBeside(turn, key, {
    contexts: [...contexts, ...said.flatMap((outcome) => outcome.contexts)],
    replacement: changed === undefined ? undefined : prompt.withParts([{ kind: 'text', text: changed }]),
    wordsBefore: initialUserMessage,
  });
  return undefined;
}

/** What hooks of the session's start say; again where the user went back to before the answer that they came of. */
async function startAt(turn: HookTurn, key: string, run: RunHooks): ReturnType<typeof startContexts> {
  const { session } = turn.place;
  if (session.startedBehind === key) session.hasStarted = false;
  const starts = !session.hasStarted;
  const words = await startContexts(turn, run);
  if (starts) session.startedBehind = turn.replied === undefined ? undefined : key;
  return words;
}

/**
 * What hooks said to a prompt behind a question is kept at the answer: a user may go back and say otherwise. A
 * conversation into which nothing was put need not be read for it again.
 */
function putBeside(
  { place, replied }: HookTurn,
  key: string,
  put: Edit & { readonly contexts: readonly string[] },
): void {
  const { ledger } = place.session.memory;
  if (replied !== undefined) {
    ledger.edit(replied.at, { outcome: { word: replied.word, itemKey: key, edit: put } });
    return;
  }
  const { contexts, replacement, wordsBefore } = put;
  const isPut = contexts.length > 0 || replacement !== undefined || wordsBefore !== undefined;
  // What another conversation of these words has there is no part of this one.
  if (isPut || ledger.find(key) !== undefined) ledger.edit(key, put);
}

/** What became of the same message before, where it is sent again: that stays. */
function heardBefore(
  { conversation, place, replied }: HookTurn,
  { index, key }: KeyedPrompt,
): { readonly text: string | undefined } | undefined {
  const { memory, handled } = place.session;
  const outcome = replied && memory.ledger.outcomeOf(replied);
  if (outcome !== undefined) return { text: outcome.edit.answer?.text };
  const isRetry = ownId(conversation, index) !== undefined;
  const text = answeredBefore(key, isRetry, memory);
  const isHandled = replied === undefined && isRetry && handled.get(`prompt ${key}`) === true;
  return text !== undefined || isHandled ? { text } : undefined;
}

/** What was said to the same message before, where it is said again. */
function answeredBefore(
  key: string,
  isRetry: boolean,
  { ledger, approvals }: SessionMemory,
): string | undefined {
  const before = ledger.find(key)?.answer;
  if (!isRetry && before?.isReply !== true) return undefined;
  return before?.isFinal === true || approvals.isAskedAt(key) ? before?.text : undefined;
}

/** The answer in place of a model's, where a hook refuses the prompt or ends the turn. */
function answerOf(
  said: readonly PromptOutcome[],
  { session, hasReader }: HookPlace,
): (OwnAnswer & { readonly text: string }) | undefined {
  for (const { refusal, stop, messages } of said) {
    const reason = refusal ?? stop;
    if (reason === undefined) continue;
    // A refused prompt is erased; one on which the turn ended stays for the next turn.
    const told = hasReader ? takeForUser(session) : messages;
    return { text: [...told, reason].join('\n\n'), dropsPrompt: refusal !== undefined, isFinal: true };
  }
  return undefined;
}

type PromptOutcome = HookOutcome & { readonly prompt?: string | undefined };

/** What hooks say of the prompt, in order; the first that refuses or stops is the last to be asked. */
async function promptOutcomes(
  { place, exchange }: HookTurn,
  prompt: UserPrompt,
  command: CalledCommand | undefined,
  { run, runPreInput }: PromptParts,
): Promise<readonly PromptOutcome[]> {
  const typed = command === undefined ? prompt.text : `/${[command.name, command.args].join(' ').trim()}`;
  const steps: (() => Promise<PromptOutcome | undefined>)[] = [
    async () => {
      const outcome = await runPreInput(place, prompt.text, exchange.signal);
      return outcome?.prompt === prompt.text ? { ...outcome, prompt: undefined } : outcome;
    },
    () => run(place, 'UserPromptSubmit', { prompt: typed }, exchange),
    async () => {
      if (command === undefined || !place.hooks.anyFor('UserPromptExpansion')) return undefined;
      const expansion = {
        ...{ command: command.name, args: command.args, prompt: typed },
        type: command.scope === 'mcp' ? ('mcp_prompt' as const) : ('slash_command' as const),
        source: sourceOf(command),
      };
      return run(place, 'UserPromptExpansion', expansion, exchange);
    },
  ];
  const outcomes: PromptOutcome[] = [];
  for (const step of steps) {
    const outcome = await step();
    if (outcome === undefined) continue;
    outcomes.push(outcome);
    if (outcome.refusal !== undefined || outcome.stop !== undefined) break;
  }
  return outcomes;
}

/** As Claude Code names where a command comes from. */
function sourceOf({ scope }: CalledCommand): string {
  if (scope === 'mcp') return 'mcp';
  if (scope === 'user') return 'userSettings';
  return scope === 'enterprise' ? 'policySettings' : 'projectSettings';
}
