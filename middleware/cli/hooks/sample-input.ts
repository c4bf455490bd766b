import { hookInput, type HookInput, type HookSession } from '../../features/hooks/hook-input.ts';
import type { HookEvent } from '../../features/hooks/hook-event.ts';
import type { HookToolUse, HookEventFields } from '../../features/hooks/hook-event-fields.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { sampleCall, sampleResponse } from './sample-call.ts';

interface SampleOptions {
  readonly session: HookSession;
  /** The tool of a tool event; `Bash` where nothing is said. */
  readonly tool: string | undefined;
  /** What the tool is called with; for other events the fields that take the place of the sample's. */
  readonly input: JsonObject | undefined;
}

/** What a hook would get on its standard input if an event happened now. */
export function sampleInput(event: HookEvent, { session, tool, input }: SampleOptions): HookInput {
  const call = sampleCall(tool ?? 'Bash', session.cwd, input);
  const samples = samplesWith(call);
  const sample = isSampled(event, samples)
    ? sampleOf(event, session, samples)
    : { ...sampleOf('SubagentStart', session, samples), ...toolFields(tool, call) };
  const isToolEvent = sample['tool_name'] !== undefined;
  return { ...sample, ...(isToolEvent ? {} : input), hook_event_name: event };
}

const sampleForm = { type: 'object', properties: { name: { type: 'string' } } };

function isSampled(event: HookEvent, samples: HookEventFields): event is keyof HookEventFields {
  return Object.hasOwn(samples, event);
}

function sampleOf(event: keyof HookEventFields, session: HookSession, samples: HookEventFields): HookInput {
  return hookInput(session, event, samples[event]);
}

/** Of an event that we never make up ourselves, such as PermissionDenied. */
function toolFields(asked: string | undefined, { tool, input }: HookToolUse): JsonObject {
  return asked === undefined ? {} : { tool_name: tool, tool_input: input };
}

function samplesWith(call: HookToolUse): HookEventFields {
  const stop = { isStopHookActive: false, lastAssistantMessage: 'Done.' };
  const models = { from: 'gpt-5', to: 'gpt-4', requested: 'gpt-4', source: 'user' };
  const durationMs = 12;
  return {
    SessionStart: { source: 'startup' },
    SessionEnd: { reason: 'other' },
    Setup: { trigger: 'init' },
    UserPromptSubmit: { prompt: 'Say hello' },
    UserPromptExpansion: {
      ...{ type: 'slash_command', command: 'sample', args: '' },
      ...{ source: 'projectSettings', prompt: '/sample' },
    },
    PreToolUse: { call },
    PermissionRequest: { call, suggestions: [] },
    PostToolUse: { call, response: sampleResponse(call), durationMs },
    PostToolUseFailure: { call, error: 'Exit code 1', isInterrupt: false, durationMs },
    PostToolBatch: { calls: [{ ...call, response: 'sample' }] },
    Notification: { message: 'Codex-Plus asks for permission', type: 'permission_prompt' },
    Stop: stop,
    SubagentStop: { ...stop, transcriptPath: '' },
    SubagentStart: {},
    StopFailure: { error: 'server_error', lastAssistantMessage: '' },
    PreCompact: { trigger: 'manual', customInstructions: null },
    PostCompact: { trigger: 'manual', summary: 'A summary.' },
    PreModelSwitch: models,
    PostModelSwitch: models,
    ConfigChange: { source: 'project_settings', filePath: '.claude/settings.json' },
    CwdChanged: { oldCwd: '/', newCwd: '/' },
    FileChanged: { filePath: 'sample.txt', change: 'change' },
    InstructionsLoaded: { filePath: 'CLAUDE.md', memoryType: 'Project', loadReason: 'session_start' },
    Elicitation: { server: 'sample', message: 'Which one?', mode: 'form', schema: sampleForm },
    ElicitationResult: { server: 'sample', mode: 'form', action: 'accept', content: { name: 'sample' } },
  };
}
