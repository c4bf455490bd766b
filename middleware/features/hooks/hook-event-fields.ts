import { type JsonObject } from '../../kernel/json-object.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';

/** A use of a tool with the id of the call that it comes from. */
export interface HookToolUse extends ClaudeToolUse {
  readonly id: string;
}

/** One with what the model read of it: the tool's output, or why it was refused. */
export interface AnsweredUse extends HookToolUse {
  readonly response: string;
}

/** What can happen, with what only this event tells. */
export interface HookEventFields {
  readonly SessionStart: {
    readonly source: 'startup' | 'resume' | 'clear' | 'compact';
    readonly model?: string | undefined;
  };
  readonly SessionEnd: { readonly reason: string };
  readonly Setup: { readonly trigger: string };
  readonly UserPromptSubmit: { readonly prompt: string };
  readonly UserPromptExpansion: {
    readonly type: 'slash_command' | 'mcp_prompt';
    /** Without the slash. */
    readonly command: string;
    readonly args: string;
    /** `projectSettings`, `userSettings`, `mcp`. */
    readonly source: string;
    /** As typed, with the slash. */
    readonly prompt: string;
  };
  readonly PreToolUse: { readonly call: HookToolUse };
  readonly PermissionRequest: { readonly call: HookToolUse; readonly suggestions: readonly JsonObject[] };
  readonly PostToolUse: {
    readonly call: HookToolUse;
    /** In the shape of the tool's own results; see `tool-responses`. */
    readonly response: unknown;
    readonly durationMs: number;
  };
  readonly PostToolUseFailure: {
    readonly call: HookToolUse;
    readonly error: string;
    readonly isInterrupt: boolean;
    readonly durationMs: number;
  };
  readonly PostToolBatch: { readonly calls: readonly AnsweredUse[] };
  readonly Notification: { readonly message: string; readonly type: string };
  readonly Stop: StopOccurrence;
  readonly SubagentStop: StopOccurrence & { readonly transcriptPath: string };
  readonly SubagentStart: Readonly<Record<string, never>>;
  readonly StopFailure: { readonly error: string; readonly lastAssistantMessage: string };
  readonly PreCompact: CompactOccurrence & { readonly customInstructions: string | null };
  readonly PostCompact: CompactOccurrence & { readonly summary: string };
  readonly PreModelSwitch: ModelSwitch;
  readonly PostModelSwitch: ModelSwitch;
  readonly ConfigChange: { readonly source: string; readonly filePath: string };
  readonly CwdChanged: { readonly oldCwd: string; readonly newCwd: string };
  readonly FileChanged: { readonly filePath: string; readonly change: string };
  readonly InstructionsLoaded: {
    readonly filePath: string;
    readonly memoryType: string;
    readonly loadReason: string;
  };
  readonly Elicitation: {
    readonly server: string;
    readonly message: string;
    readonly mode: string;
    /** Of a page to open. */
    readonly url?: string | undefined;
    readonly id?: string | undefined;
    /** Of a form. */
    readonly schema?: JsonObject | undefined;
  };
  readonly ElicitationResult: {
    readonly server: string;
    readonly id?: string | undefined;
    readonly mode: string;
    readonly action: string;
    readonly content?: JsonObject | undefined;
  };
}

interface StopOccurrence {
  /** Whether the model goes on already because a hook sent it back to work. */
  readonly isStopHookActive: boolean;
  readonly lastAssistantMessage: string;
}

interface CompactOccurrence {
  readonly trigger: 'manual' | 'auto';
}

interface ModelSwitch {
  readonly from: string;
  readonly to: string;
  readonly requested: string;
  readonly source: string;
}

/** The fields of each event, named and ordered as on the hook's standard input. */
export const ownFields: {
  readonly [Event in keyof HookEventFields]: (occurrence: HookEventFields[Event]) => JsonObject;
} = {
  SessionStart: ({ source, model }) => ({ source, ...(model !== undefined && { model }) }),
  SessionEnd: ({ reason }) => ({ reason }),
  Setup: ({ trigger }) => ({ trigger }),
  UserPromptSubmit: ({ prompt }) => ({ prompt }),
  UserPromptExpansion: ({ type, command, args, source, prompt }) => ({
    expansion_type: type,
    command_name: command,
    command_args: args,
    command_source: source,
    prompt,
  }),
  PreToolUse: ({ call }) => ({ ...nameAndInput(call), tool_use_id: call.id }),
  PermissionRequest: ({ call, suggestions }) => ({
    ...nameAndInput(call),
    permission_suggestions: suggestions,
  }),
  PostToolUse: ({ call, response, durationMs }) => ({
    ...nameAndInput(call),
    tool_response: response,
    tool_use_id: call.id,
    duration_ms: durationMs,
  }),
  PostToolUseFailure: ({ call, error, isInterrupt, durationMs }) => ({
    ...nameAndInput(call),
    tool_use_id: call.id,
    error,
    is_interrupt: isInterrupt,
    duration_ms: durationMs,
  }),
  PostToolBatch: ({ calls }) => ({
    tool_calls: calls.map((call) => ({
      ...nameAndInput(call),
      tool_use_id: call.id,
      tool_response: call.response,
    })),
  }),
  Notification: ({ message, type }) => ({ message, notification_type: type }),
  Stop: ({ isStopHookActive, lastAssistantMessage }) => ({
    stop_hook_active: isStopHookActive,
    last_assistant_message: lastAssistantMessage,
    ...nothingRunning,
  }),
  SubagentStop: ({ isStopHookActive, transcriptPath, lastAssistantMessage }) => ({
    stop_hook_active: isStopHookActive,
    agent_transcript_path: transcriptPath,
    last_assistant_message: lastAssistantMessage,
    ...nothingRunning,
  }),
  SubagentStart: () => ({}),
  StopFailure: ({ error, lastAssistantMessage }) => ({ error, last_assistant_message: lastAssistantMessage }),
  PreCompact: ({ trigger, customInstructions }) => ({ trigger, custom_instructions: customInstructions }),
  PostCompact: ({ trigger, summary }) => ({ trigger, compact_summary: summary }),
  PreModelSwitch: modelSwitch,
  PostModelSwitch: modelSwitch,
  ConfigChange: ({ source, filePath }) => ({ source, file_path: filePath }),
  CwdChanged: ({ oldCwd, newCwd }) => ({ old_cwd: oldCwd, new_cwd: newCwd }),
  FileChanged: ({ filePath, change }) => ({ file_path: filePath, event: change }),
  InstructionsLoaded: ({ filePath, memoryType, loadReason }) => ({
    file_path: filePath,
    memory_type: memoryType,
    load_reason: loadReason,
  }),
  Elicitation: ({ server, message, mode, url, id, schema }) => ({
    mcp_server_name: server,
    message,
    mode,
    ...(url !== undefined && { url }),
    ...(id !== undefined && { elicitation_id: id }),
    ...(schema !== undefined && { requested_schema: schema }),
  }),
  ElicitationResult: ({ server, id, mode, action, content }) => ({
    mcp_server_name: server,
    ...(id !== undefined && { elicitation_id: id }),
    mode,
    action,
    ...(content !== undefined && { content }),
  }),
};

/** Background tasks and scheduled prompts are Claude Code's own; here there are none. */
const nothingRunning = { background_tasks: [], session_crons: [] };

function nameAndInput({ tool, input }: HookToolUse): JsonObject {
  return { tool_name: tool, tool_input: input };
}

function modelSwitch({ from, to, requested, source }: ModelSwitch): JsonObject {
  return { from_model: from, to_model: to, requested_model: requested, source };
}
