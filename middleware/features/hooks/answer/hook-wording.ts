import type { HookEvent } from '../hook-event.ts';
import type { HookInput } from '../hook-input.ts';

/**
 * What a hook is called in what the model and the user read: `PreToolUse:Bash`, `SessionStart:startup`, `Stop`. The same
 * words as Claude Code's, so that models behave alike.
 */
function hookNameOf(input: HookInput): string {
  const event = input.hook_event_name;
  const qualifier = event === 'SessionStart' ? input['source'] : input['tool_name'];
  return typeof qualifier === 'string' ? `${event}:${qualifier}` : event;
}

/** Plain text of a hook, for the model. */
export function successText(input: HookInput, text: string): string {
  return `${hookNameOf(input)} hook success: ${text}`;
}

/** A hook's `additionalContext`, for the model. */
export function contextText(input: HookInput, context: string): string {
  // A session's start is named without its source here, other than in its plain text.
  const name = input.hook_event_name === 'SessionStart' ? 'SessionStart' : hookNameOf(input);
  return `${name} hook additional context: ${context}`;
}

/** That a hook objected to what has happened already, for the model. */
export function blockingErrorText(input: HookInput, label: string, reason: string): string {
  return `${hookNameOf(input)} hook blocking error from command: "${label}": ${reason.trimEnd()}`;
}

/** That a hook ended the turn: for the user at a prompt, and elsewhere for the model in the next turn. */
export function stopText(input: HookInput, reason: string | undefined): string {
  const isPrompt = promptEvents.includes(input.hook_event_name);
  const what = isPrompt ? 'Operation stopped by hook' : `${hookNameOf(input)} hook stopped continuation`;
  return reason === undefined ? what : `${what}: ${reason}`;
}

/** Why something does not happen: the result of a tool call, the answer to a prompt or to a wish for compaction. */
export function refusalText(input: HookInput, reason: string, hidesPrompt: boolean): string {
  const event = input.hook_event_name;
  if (event === 'PreToolUse') return `${hookNameOf(input)} hook error: ${reason}`;
  if (event === 'PreCompact') return `Compaction blocked by PreCompact hook: ${reason.trimEnd()}`;
  if (questions.includes(event)) return reason.trimEnd();
  const refusal = `${event} operation blocked by hook:\n${reason}`;
  return hidesPrompt ? refusal : `${refusal}\n\nOriginal prompt: ${String(input['prompt'])}`;
}

/** With what a model that wanted to stop is sent back to work, as the user's words. */
export function feedbackText(reason: string): string {
  // The same for subagents.
  return `Stop hook feedback:\n${reason}`;
}

/** A question to the user about a tool call, where the hook gave no reason. */
export function askText(input: HookInput): string {
  return `Hook ${hookNameOf(input)} asked for confirmation for this tool`;
}

/** What a hook wants the user to read. */
export function systemMessageText(input: HookInput, message: string): string {
  return `${hookNameOf(input)} says: ${message}`;
}

/** That a hook is of no use, for the user. */
export function failureText(input: HookInput, label: string, error: string): string {
  return `${hookNameOf(input)} hook [${label}] failed: ${error}`;
}

const questions: readonly HookEvent[] = ['Elicitation', 'ElicitationResult'];
const promptEvents: readonly HookEvent[] = ['UserPromptSubmit', 'UserPromptExpansion'];
