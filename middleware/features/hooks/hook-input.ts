import { type JsonObject } from '../../kernel/json-object.ts';
import type { HookEvent } from './hook-event.ts';
import { ownFields, type HookEventFields } from './hook-event-fields.ts';

/** What a hook gets on its standard input, as Claude Code writes it: the same fields in the same order. */
export type HookInput = JsonObject & { readonly hook_event_name: HookEvent };

/** What every event of a session has in common. */
export interface HookSession {
  readonly sessionId: string;
  readonly transcriptPath: string;
  /** The session's current folder. */
  readonly cwd: string;
  /** `undefined` before the first prompt. */
  readonly promptId?: string | undefined;
  readonly permissionMode: string;
  /** `undefined` where the client did not say. */
  readonly effort?: string | undefined;
  /** The subagent that it happens in. */
  readonly agent?: { readonly id: string; readonly type: string } | undefined;
}

/** Writes the input for something that happened in a session. */
export function hookInput<Event extends keyof HookEventFields>(
  session: HookSession,
  event: Event,
  occurrence: HookEventFields[Event],
): HookInput {
  const { promptId, effort, agent } = session;
  return {
    session_id: session.sessionId,
    transcript_path: session.transcriptPath,
    cwd: session.cwd,
    ...(promptId !== undefined && { prompt_id: promptId }),
    ...(withPermissionMode.has(event) && { permission_mode: session.permissionMode }),
    ...(agent !== undefined && { agent_id: agent.id, agent_type: agent.type }),
    ...(effort !== undefined && withEffort.has(event) && { effort: { level: effort } }),
    hook_event_name: event,
    ...ownFields[event](occurrence),
  };
}

const toolEvents: readonly HookEvent[] = [
  'PreToolUse',
  'PermissionRequest',
  'PostToolUse',
  'PostToolUseFailure',
  'PostToolBatch',
];
const stops: readonly HookEvent[] = ['Stop', 'SubagentStop'];
const prompts: readonly HookEvent[] = ['UserPromptSubmit', 'UserPromptExpansion'];
const withPermissionMode: ReadonlySet<HookEvent> = new Set([...toolEvents, ...prompts, ...stops]);
const withEffort: ReadonlySet<HookEvent> = new Set([...toolEvents, ...stops, 'StopFailure']);
