import { StateKey } from '../../../kernel/exchange-state.ts';
import type { HookSession as SessionOfInput } from '../hook-input.ts';
import type { Log } from '../../../kernel/log.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import type { ProjectHooks } from '../config/project-hooks.ts';
import type { HookSession } from './hook-sessions.ts';

/** Where something happens that hooks hear of: in which project, which session, by whom. */
export interface HookPlace {
  readonly project: ProjectSnapshot;
  readonly hooks: ProjectHooks;
  readonly session: HookSession;
  readonly effort: string | undefined;
  readonly agent: { readonly id: string; readonly type: string } | undefined;
  /** Whether somebody reads what is said in the answer. */
  readonly hasReader: boolean;
  readonly log: Log;
}

/** The place of an exchange, once it is known that hooks or rules have to do with it. */
export const placeKey = new StateKey<HookPlace>('hook place');

/** What names the turn that is under way, the user's or a subagent's, among the ids of calls. */
export function turnKey({ agent }: Pick<HookPlace, 'agent'>): string {
  return agent === undefined ? 'the turn' : `the turn of ${agent.id}`;
}

/** Names what one turn does in answer to one prompt. */
export function batchKey(place: Pick<HookPlace, 'agent' | 'session'>): string {
  return `${place.session.promptId ?? ''} ${turnKey(place)}`;
}

/** What the input of every hook says of the place. */
export function sessionOf({ project, session, effort, agent }: HookPlace): SessionOfInput {
  return {
    sessionId: session.id,
    // The conversation is the client's to keep: there is no file of it here.
    transcriptPath: '',
    cwd: project.workspace,
    promptId: session.promptId,
    permissionMode: project.settings.defaultMode?.value ?? 'default',
    effort,
    agent,
  };
}
