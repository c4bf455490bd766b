import { describe, expect, test } from '@jest/globals';
import { hookInput, type HookInput } from '../../../middleware/features/hooks/hook-input.ts';
import { bashResponse, readResponse } from '../../../middleware/features/hooks/tool-responses.ts';
import { session } from '../../support/made-up-hooks.ts';

const common = { session_id: 'session-1', transcript_path: session.transcriptPath, cwd: '/shop' };
const prompted = { ...common, prompt_id: 'prompt-1' };
const onTools = { ...prompted, permission_mode: 'default', effort: { level: 'medium' } };
const call = { tool: 'Bash', input: { command: 'ls' }, id: 'call-1' };
const stop = { isStopHookActive: false, lastAssistantMessage: 'Done.' };
const agent = { id: 'agent-1', type: 'Explore' };

/** Compared as text: the order of the fields is part of what hooks see. */
const same = (input: HookInput, wanted: object) => {
  expect(JSON.stringify(input)).toBe(JSON.stringify(wanted));
};

describe('the JSON on stdin has the fields of Claude Code, in their order', () => {
  test('SessionStart, before there is a prompt [HK-1]', () => {
    const start = { ...session, promptId: undefined };
    same(hookInput(start, 'SessionStart', { source: 'startup' }), {
      ...common,
      hook_event_name: 'SessionStart',
      source: 'startup',
    });
    same(hookInput(session, 'SessionStart', { source: 'compact', model: 'gpt-5' }), {
      ...prompted,
      hook_event_name: 'SessionStart',
      source: 'compact',
      model: 'gpt-5',
    });
  });

  test('UserPromptSubmit and UserPromptExpansion [HK-1]', () => {
    const withMode = { ...prompted, permission_mode: 'default' };
    same(hookInput(session, 'UserPromptSubmit', { prompt: '/fix it' }), {
      ...withMode,
      hook_event_name: 'UserPromptSubmit',
      prompt: '/fix it',
    });
    const expansion = {
      type: 'slash_command',
      command: 'fix',
      args: 'it',
      source: 'projectSettings',
      prompt: '/fix it',
    } as const;
    same(hookInput(session, 'UserPromptExpansion', expansion), {
      ...withMode,
      hook_event_name: 'UserPromptExpansion',
      expansion_type: 'slash_command',
      command_name: 'fix',
      command_args: 'it',
      command_source: 'projectSettings',
      prompt: '/fix it',
    });
  });

  test('PreToolUse, also in a subagent and of an MCP tool [HK-1]', () => {
    const own = {
      hook_event_name: 'PreToolUse',
      tool_name: 'Bash',
      tool_input: { command: 'ls' },
      tool_use_id: 'call-1',
    };
    same(hookInput(session, 'PreToolUse', { call }), { ...onTools, ...own });
    same(hookInput({ ...session, agent }, 'PreToolUse', { call }), {
      ...prompted,
      permission_mode: 'default',
      agent_id: 'agent-1',
      agent_type: 'Explore',
      effort: { level: 'medium' },
      ...own,
    });
  });

  test('effort is left out where the client did not say [HK-1]', () => {
    same(hookInput({ ...session, effort: undefined }, 'PreToolUse', { call }), {
      ...prompted,
      permission_mode: 'default',
      hook_event_name: 'PreToolUse',
      tool_name: 'Bash',
      tool_input: { command: 'ls' },
      tool_use_id: 'call-1',
    });
  });

  test('PermissionRequest, PostToolUse, PostToolUseFailure, PostToolBatch [HK-1]', () => {
    const tool = { tool_name: 'Bash', tool_input: { command: 'ls' } };
    same(hookInput(session, 'PermissionRequest', { call, suggestions: [{ type: 'addRules' }] }), {
      ...onTools,
      hook_event_name: 'PermissionRequest',
      ...tool,
      permission_suggestions: [{ type: 'addRules' }],
    });
    const response = bashResponse({ stdout: 'a', stderr: '' });
    same(hookInput(session, 'PostToolUse', { call, response, durationMs: 12 }), {
      ...onTools,
      hook_event_name: 'PostToolUse',
      ...tool,
      tool_response: { stdout: 'a', stderr: '', interrupted: false, isImage: false, noOutputExpected: false },
      tool_use_id: 'call-1',
      duration_ms: 12,
    });
    const failure = { call, error: 'Exit code 1\nno', isInterrupt: false, durationMs: 12 };
    same(hookInput(session, 'PostToolUseFailure', failure), {
      ...onTools,
      hook_event_name: 'PostToolUseFailure',
      ...tool,
      tool_use_id: 'call-1',
      error: 'Exit code 1\nno',
      is_interrupt: false,
      duration_ms: 12,
    });
    same(hookInput(session, 'PostToolBatch', { calls: [{ ...call, response: 'a' }] }), {
      ...onTools,
      hook_event_name: 'PostToolBatch',
      tool_calls: [{ ...tool, tool_use_id: 'call-1', tool_response: 'a' }],
    });
  });

  test('Stop, StopFailure, SubagentStart, SubagentStop [HK-1]', () => {
    const nothing = { background_tasks: [], session_crons: [] };
    same(hookInput(session, 'Stop', stop), {
      ...onTools,
      hook_event_name: 'Stop',
      stop_hook_active: false,
      last_assistant_message: 'Done.',
      ...nothing,
    });
    same(hookInput(session, 'StopFailure', { error: 'unknown', lastAssistantMessage: 'API Error' }), {
      ...prompted,
      effort: { level: 'medium' },
      hook_event_name: 'StopFailure',
      error: 'unknown',
      last_assistant_message: 'API Error',
    });
    const inAgent = { agent_id: 'agent-1', agent_type: 'Explore' };
    same(hookInput({ ...session, agent }, 'SubagentStart', {}), {
      ...prompted,
      ...inAgent,
      hook_event_name: 'SubagentStart',
    });
    same(hookInput({ ...session, agent }, 'SubagentStop', { ...stop, transcriptPath: '/t.jsonl' }), {
      ...prompted,
      permission_mode: 'default',
      ...inAgent,
      effort: { level: 'medium' },
      hook_event_name: 'SubagentStop',
      stop_hook_active: false,
      agent_transcript_path: '/t.jsonl',
      last_assistant_message: 'Done.',
      ...nothing,
    });
  });

  test.each([
    [hookInput(session, 'SessionEnd', { reason: 'other' }), { reason: 'other' }],
    [hookInput(session, 'Setup', { trigger: 'init' }), { trigger: 'init' }],
    [
      hookInput(session, 'Notification', { message: 'm', type: 'idle_prompt' }),
      { message: 'm', notification_type: 'idle_prompt' },
    ],
    [
      hookInput(session, 'PreCompact', { trigger: 'auto', customInstructions: null }),
      { trigger: 'auto', custom_instructions: null },
    ],
    [
      hookInput(session, 'PostCompact', { trigger: 'manual', summary: 's' }),
      { trigger: 'manual', compact_summary: 's' },
    ],
    [
      hookInput(session, 'PreModelSwitch', { from: 'a', to: 'b', requested: 'b', source: 'command' }),
      { from_model: 'a', to_model: 'b', requested_model: 'b', source: 'command' },
    ],
    [
      hookInput(session, 'ConfigChange', { source: 'project_settings', filePath: '/f' }),
      { source: 'project_settings', file_path: '/f' },
    ],
    [hookInput(session, 'CwdChanged', { oldCwd: '/a', newCwd: '/b' }), { old_cwd: '/a', new_cwd: '/b' }],
    [
      hookInput(session, 'FileChanged', { filePath: '/f', change: 'change' }),
      { file_path: '/f', event: 'change' },
    ],
    [
      hookInput(session, 'InstructionsLoaded', {
        filePath: '/CLAUDE.md',
        memoryType: 'Project',
        loadReason: 'session_start',
      }),
      { file_path: '/CLAUDE.md', memory_type: 'Project', load_reason: 'session_start' },
    ],
    [
      hookInput(session, 'Elicitation', { server: 'notes', message: 'm', mode: 'form', schema: {} }),
      { mcp_server_name: 'notes', message: 'm', mode: 'form', requested_schema: {} },
    ],
    [
      hookInput(session, 'Elicitation', { server: 'notes', message: 'm', mode: 'url', url: 'u', id: '1' }),
      { mcp_server_name: 'notes', message: 'm', mode: 'url', url: 'u', elicitation_id: '1' },
    ],
    [
      hookInput(session, 'ElicitationResult', { server: 'notes', mode: 'form', action: 'decline' }),
      { mcp_server_name: 'notes', mode: 'form', action: 'decline' },
    ],
  ])('%j [HK-1]', (input, own) => {
    same(input, { ...prompted, hook_event_name: input.hook_event_name, ...own });
  });
});

test('what was read has the shape of the tool of Claude Code [HK-1]', () => {
  expect(readResponse({ filePath: '/f', content: 'a\n', startLine: 1, totalLines: 2 })).toEqual({
    type: 'text',
    file: { filePath: '/f', content: 'a\n', numLines: 2, startLine: 1, totalLines: 2 },
  });
});
