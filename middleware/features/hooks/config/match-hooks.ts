import { testInTime } from '../../../platform/patterns/test-in-time.ts';
import type { HookEntry } from './hook-entry.ts';
import type { HookEvent } from '../hook-event.ts';
import type { HookInput } from '../hook-input.ts';

/**
 * The hooks that run on an event, in the given order. `fits` says whether a tool call matches a permission rule; a hook
 * with such a rule runs on tool calls only.
 */
export function matchHooks(
  entries: readonly HookEntry[],
  input: HookInput,
  fits: (rule: string) => boolean,
): readonly HookEntry[] {
  const event = input.hook_event_name;
  const names = comparedNames(input);
  const isToolCall = input['tool_name'] !== undefined;
  return entries.filter(
    (entry) =>
      entry.event === event &&
      (names === undefined || matchesName(entry.matcher, names, entry.source.file)) &&
      (entry.condition === undefined || (isToolCall && fits(entry.condition))),
  );
}

/** Names, with separators between them and nothing that a regular expression would need. */
const listOfNames = /^[A-Za-z0-9_\- ,|]*$/;

/** One repetition is at worst quadratic in a name. */
const simplePattern = /^[^*+?{]*[*+?{]?[^*+?{]*$/;

/**
 * Whether a matcher means one of the names. Nothing, an empty text and `*` mean all; a list of names (`Edit|Write`,
 * `Bash, Edit`) means exactly those; everything else is a regular expression that may match anywhere in the name. One that
 * takes too long counts as matching: a hook that guards must not be got past that way.
 */
export function matchesName(matcher: string | undefined, names: readonly string[], file = ''): boolean {
  if (matcher === undefined || matcher === '' || matcher === '*') return true;
  if (listOfNames.test(matcher)) {
    const wanted = matcher.split(/[,|]/).map((name) => name.trim());
    return names.some((name) => wanted.includes(name));
  }
  const matches = (): boolean => matchesExpression(matcher, names);
  return simplePattern.test(matcher) ? matches() : (testInTime({ file, pattern: matcher }, matches) ?? true);
}

function matchesExpression(expression: string, names: readonly string[]): boolean {
  try {
    const pattern = new RegExp(expression);
    return names.some((name) => pattern.test(name));
  } catch {
    // Not a regular expression: it matches nothing, as in Claude Code.
    return false;
  }
}

const fieldThatIsCompared: Partial<Record<HookEvent, string>> = {
  PreToolUse: 'tool_name',
  PostToolUse: 'tool_name',
  PostToolUseFailure: 'tool_name',
  PermissionRequest: 'tool_name',
  PermissionDenied: 'tool_name',
  SessionStart: 'source',
  SessionEnd: 'reason',
  Setup: 'trigger',
  PreCompact: 'trigger',
  PostCompact: 'trigger',
  Notification: 'notification_type',
  SubagentStart: 'agent_type',
  SubagentStop: 'agent_type',
  StopFailure: 'error',
  UserPromptExpansion: 'command_name',
  Elicitation: 'mcp_server_name',
  ElicitationResult: 'mcp_server_name',
};

/** The tool that starts a subagent has an older name, which matchers may still use. */
const agentNames = ['Agent', 'Task'];

/** What matchers are compared with; `undefined` for the events that ignore them, as prompts and stops do. */
function comparedNames(input: HookInput): readonly string[] | undefined {
  const field = fieldThatIsCompared[input.hook_event_name];
  if (field === undefined) return undefined;
  const name = input[field];
  if (typeof name !== 'string') return [];
  return field === 'tool_name' && agentNames.includes(name) ? agentNames : [name];
}
