import type { Exchange } from '../../../kernel/exchange.ts';
import { StateKey } from '../../../kernel/exchange-state.ts';
import type { Reply } from '../../../kernel/reply.ts';
import { isForClientAlone } from '../../../kernel/turn.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import type { Conversation } from '../../../protocol/conversation/conversation.ts';
import type { ProjectLookup, ProjectOf } from '../../projects.ts';
import { isRestricting } from '../../../features/calls/call-policy.ts';
import { answerLocally } from '../../answer-locally.ts';
import { clientFactsOf } from '../../hooks/client-facts.ts';
import type { CommandExtras, CommandExtrasOf } from '../../../features/hooks/command-extras.ts';
import type { Sessions } from '../../../features/sessions/sessions.ts';
import type { HookSession, HookSessions } from '../../../features/hooks/sessions/hook-sessions.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';
import { currentConversation, isAsItCame } from '../current-conversation.ts';
import { resolvedKey } from '../resolve-approval.ts';
import {
  withCommandHooks,
  type HooksOf,
  type ProjectHooks,
  type ProjectHooksLookup,
} from '../../../features/hooks/config/project-hooks.ts';
import { placeKey, type HookPlace } from '../../../features/hooks/sessions/hook-place.ts';
import { callerKey, modelCallerOf } from '../../hooks/model/model-caller.ts';
import type { RunHooks } from '../../hooks/hook-runner.ts';
import { hasReader } from '../../hooks/user-messages.ts';

export interface OpenTurnParts {
  readonly run: RunHooks;
  readonly projectOf: ProjectOf;
  readonly folderUnread: ProjectLookup['folderUnread'];
  readonly projectNamed: ProjectLookup['named'];
  readonly namedNow: ProjectLookup['namedNow'];
  readonly hooksOf: HooksOf;
  readonly hooksNow: ProjectHooksLookup['now'];
  readonly commandExtras: CommandExtrasOf;
  readonly sessions: HookSessions;
  /** Where all of a conversation is kept. */
  readonly memory: Sessions;
  /** Whether calls that no rule decides are asked about here. */
  readonly asksUndecided: boolean;
}

/** Of an exchange whose request has no conversation, so that nothing in its answer is decided. */
export const withoutItemsKey = new StateKey<true>('request without items');

/**
 * The request with its project, its hooks and its session; `undefined` where neither hooks nor rules have anything
 * to do with it. A prompt that came from a command has rules and hooks of its own.
 */
export async function openTurn(exchange: Exchange, parts: OpenTurnParts): Promise<HookTurn | undefined> {
  const isNew = isAsItCame(exchange) && !parts.sessions.knows(exchange);
  if (isNew && (await concernsNothing(exchange, parts))) return undefined;
  const conversation = currentConversation(exchange);
  // The user's no to a call is taken out, and may be all that was sent: then the output of the call is still to come.
  if (conversation === undefined || conversation.received.length === 0) {
    exchange.state.set(withoutItemsKey, true);
    return undefined;
  }
  const project = await parts.projectOf(exchange, conversation);
  if (project === undefined) return undefined;
  const called = exchange.turn.kind === 'user' ? exchange.called?.name : undefined;
  const extras = await parts.commandExtras(called, project);
  return turnOf({ exchange, conversation, project, extras }, parts);
}

interface Opening {
  readonly exchange: Exchange;
  readonly conversation: Conversation;
  readonly project: ProjectSnapshot;
  readonly extras: CommandExtras | undefined;
}

async function turnOf(opening: Opening, parts: OpenTurnParts): Promise<HookTurn | undefined> {
  const { exchange, conversation, project, extras } = opening;
  const ownHooks = await parts.hooksOf(project, exchange);
  const session = sessionOf(opening, ownHooks, parts);
  if (session === undefined) return undefined;
  if (exchange.turn.turnId !== undefined) session.turns.add(exchange.turn.turnId);
  if (extras !== undefined) bring(extras, session);
  const hooks = withCommandHooks(ownHooks, session, exchange);
  const { effort, agent } = clientFactsOf(exchange);
  const place = { project, hooks, session, effort, agent, hasReader: hasReader(exchange), log: exchange.log };
  exchange.state.set(placeKey, place);
  if (asksModel(hooks)) exchange.state.set(callerKey, modelCallerOf(exchange));
  // One in which the user said nothing never began for hooks, and has no end.
  if (!isForClientAlone(exchange.turn)) session.tellEnd = endTeller(place, parts.run);
  const resolved = exchange.state.get(resolvedKey);
  const isAboutHooks = resolved !== undefined && resolved.approval.command === undefined;
  const replied = isAboutHooks ? { word: resolved.answer, at: resolved.repliedAt } : undefined;
  const answer = (text: string): Reply => answerLocally(exchange, text, { sessions: parts.memory });
  return { exchange, place, conversation, replied, answer };
}

/** Outlives the exchange, and must not hold its body. */
function endTeller(place: HookPlace, run: RunHooks): HookSession['tellEnd'] {
  return (signal) =>
    run(place, 'SessionEnd', { reason: 'other' }, { signal }).catch((error: unknown) => {
      place.log.error('the hooks of a session that ended could not be run', {
        session: place.session.id,
        error,
      });
    });
}

function asksModel({ entries }: ProjectHooks): boolean {
  return entries.some(({ handler }) => handler.kind === 'prompt' || handler.kind === 'agent');
}

/** Whether it is known at once that neither hooks nor rules have to do with a request; most requests end here. */
export function hasNoHooks(
  exchange: Exchange,
  parts: Pick<OpenTurnParts, 'folderUnread' | 'namedNow' | 'hooksNow' | 'asksUndecided'> & {
    readonly sessions: Pick<HookSessions, 'knows'>;
  },
): boolean {
  if (!isAsItCame(exchange) || parts.sessions.knows(exchange)) return false;
  const folder = parts.folderUnread(exchange);
  const named = folder && parts.namedNow(exchange.caller.kind, folder.path);
  if (named === undefined) return false;
  const { project } = named;
  if (project === undefined) return true;
  const hooks = parts.hooksNow(project, exchange);
  return hooks !== undefined && !isConcerned(project, hooks, parts);
}

/** Whether it is known, without reading the conversation, that neither hooks nor rules have to do with the request. */
async function concernsNothing(exchange: Exchange, parts: OpenTurnParts): Promise<boolean> {
  const folder = parts.folderUnread(exchange);
  if (folder === undefined) return false;
  const project = await parts.projectNamed(exchange.caller.kind, folder.path);
  return project === undefined || !isConcerned(project, await parts.hooksOf(project, exchange), parts);
}

function isConcerned(
  { settings }: ProjectSnapshot,
  { entries, scripts }: ProjectHooks,
  { asksUndecided }: Pick<OpenTurnParts, 'asksUndecided'>,
): boolean {
  const decidesCalls =
    asksUndecided || settings.rules.length > 0 || isRestricting(settings.defaultMode?.value);
  return decidesCalls || entries.length > 0 || scripts.length > 0;
}

/** The conversation's session, where there is anything to remember, or was. */
function sessionOf(
  { exchange, project, extras }: Opening,
  hooks: ProjectHooks,
  parts: OpenTurnParts,
): HookSession | undefined {
  const concerns = extras !== undefined || isConcerned(project, hooks, parts);
  return concerns || parts.sessions.knows(exchange) ? parts.sessions.openFor(exchange) : undefined;
}

function bring({ rules, hooks, subject }: CommandExtras, session: HookSession): void {
  session.commandRules = rules;
  const [first] = hooks;
  if (first !== undefined) session.commandHooks.set(first.source.file, { rules, hooks, subject });
}
