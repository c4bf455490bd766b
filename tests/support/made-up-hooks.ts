import type { ConfigSource, Scope } from '../../middleware/kernel/config-source.ts';
import type { HookEntry } from '../../middleware/features/hooks/config/hook-entry.ts';
import { hookInput, type HookInput, type HookSession } from '../../middleware/features/hooks/hook-input.ts';
import { parseHooks } from '../../middleware/features/hooks/config/parse-hooks.ts';

/** A settings file of the given scope. */
export function settingsFile(scope: Scope = 'user'): ConfigSource {
  return { scope, family: 'claude', file: `/${scope}/.claude/settings.json`, baseDir: `/${scope}` };
}

/** The hooks of one settings file, which must all be good. */
export function hooksOf(value: unknown, source = settingsFile()): readonly HookEntry[] {
  const { entries, problems } = parseHooks([{ source, value }]);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return entries;
}

export const session: HookSession = {
  sessionId: 'session-1',
  transcriptPath: '/home/ada/.claude/projects/shop/session-1.jsonl',
  cwd: '/shop',
  promptId: 'prompt-1',
  permissionMode: 'default',
  effort: 'medium',
};

/** The input of a hook before a Bash call. */
export function beforeBash(command: string): HookInput {
  return hookInput(session, 'PreToolUse', { call: { tool: 'Bash', input: { command }, id: 'call-1' } });
}

/** The input of a hook on a prompt. */
export function onPrompt(prompt: string): HookInput {
  return hookInput(session, 'UserPromptSubmit', { prompt });
}
