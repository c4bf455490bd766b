import { runAgentHook } from './agent-hook.ts';
import { runCommandHook, type CommandResult } from './command-hook.ts';
import type { CheckedFiles } from '../trust/checked-files.ts';
import type { HookEntry } from '../config/hook-entry.ts';
import type { HookInput } from '../hook-input.ts';
import type { HookEffects } from '../hook-effects.ts';
import { runHttpHook } from './http-hook.ts';
import { runMcpToolHook } from './mcp-tool-hook.ts';
import type { HookEnd } from '../answer/parse-output.ts';
import { runPromptHook } from './prompt-hook.ts';

/** What happened, where and in whose environment. */
export interface HandlerInvocation {
  readonly input: HookInput;
  /** The session's current folder. */
  readonly cwd: string;
  /** The whole environment of a hook; see `hookEnvironment`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The files of the project that its command names, as they were checked; `undefined` for a hook that nobody checks. */
  readonly checked: CheckedFiles | undefined;
  /** The exchange's: a hook ends with it, unless it runs in the background. */
  readonly signal: AbortSignal;
}

/** Runs whatever a hook is to its end, or until it says that nothing should wait for it; never rejects. */
export function runHandler(
  entry: HookEntry,
  invocation: HandlerInvocation,
  parts: HookEffects,
): Promise<CommandResult> {
  const { handler } = entry;
  switch (handler.kind) {
    case 'command':
      return runCommandHook(entry, handler, invocation, parts.runCommand);
    case 'http':
      return ended(runHttpHook(entry, handler, invocation, parts.post));
    case 'mcp_tool':
      return ended(runMcpToolHook(entry, handler, invocation, parts.callMcpTool));
    case 'prompt':
      return ended(runPromptHook(entry, handler, invocation, parts.openTalk));
    case 'agent':
      return ended(runAgentHook(entry, handler, invocation, parts));
  }
}

async function ended(end: HookEnd | Promise<HookEnd>): Promise<CommandResult> {
  return { kind: 'ended', end: await end };
}
