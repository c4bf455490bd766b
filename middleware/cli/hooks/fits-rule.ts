import { realpathSync } from 'node:fs';
import { decide } from '../../features/policy/evaluate-rules.ts';
import { toolCallOf } from '../../features/policy/tool-call.ts';
import type { HookInput } from '../../features/hooks/hook-input.ts';
import { isJsonObject } from '../../kernel/json-object.ts';
import type { ConfigSource } from '../../kernel/config-source.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { codeOf } from '../../kernel/errors.ts';
import { expandGlob } from '../../platform/shell/expand-glob.ts';

/** Whether the tool call in a hook's input is one that a permission rule is about; of a line of commands any may be. */
export function fitsRule(
  rule: string,
  { tool_name: tool, tool_input: input }: HookInput,
  { workspace, home }: Pick<ProjectSnapshot, 'workspace' | 'home'>,
): boolean {
  if (typeof tool !== 'string') return false;
  const source: ConfigSource = {
    ...{ scope: 'project', family: 'claude' },
    file: workspace,
    baseDir: workspace,
  };
  // A rule that denies is about a call where any part of it is, as the condition of a hook is.
  const decision = decide(
    toolCallOf(tool, isJsonObject(input) ? input : {}),
    [{ behavior: 'deny', text: rule, source }],
    { cwd: workspace, home, mode: 'default', realpath: existing, glob: expandGlob },
  );
  return decision.behavior === 'deny';
}

function existing(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}
