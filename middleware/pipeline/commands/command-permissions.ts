import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAllowedTools } from '../../features/policy/allowed-tools.ts';
import type { Decision } from '../../features/policy/decision.ts';
import { decide } from '../../features/policy/evaluate-rules.ts';
import type { PolicyContext } from '../../features/policy/policy-context.ts';
import type { Command } from '../../features/commands/command.ts';
import { expandGlob } from '../../platform/shell/expand-glob.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

/** What the permission rules say of the things that a command does by itself. */
export interface CommandPermissions {
  readonly shell: (line: string) => Decision;
  /** As in Claude Code a reference needs no permission, but no rule may deny the file. */
  readonly mayRead: (path: string) => boolean;
}

/** The rules of the project and, where there is a command, of its `allowed-tools`, which count for this call of it only. */
export function commandPermissions(
  { settings, workspace, home }: ProjectSnapshot,
  command: Pick<Command, 'allowedTools' | 'disallowedTools' | 'source'> | undefined,
): CommandPermissions {
  const context: PolicyContext = {
    cwd: workspace,
    home,
    // A command of a file is never more trusted than a tool call of the model.
    mode: 'default',
    additionalDirectories: settings.additionalDirectories.map(({ value }) => resolve(workspace, value)),
    extraRules: command === undefined ? [] : rulesOf(command),
    realpath,
    glob: expandGlob,
  };
  return {
    shell: (line) => decide({ kind: 'shell', command: line }, settings.rules, context),
    mayRead: (path) =>
      decide({ kind: 'file', tool: 'Read', path }, settings.rules, context).behavior !== 'deny',
  };
}

function rulesOf({
  allowedTools,
  disallowedTools,
  source,
}: Pick<Command, 'allowedTools' | 'disallowedTools' | 'source'>): PermissionRule[] {
  return [...parseAllowedTools(allowedTools, source), ...parseAllowedTools(disallowedTools, source, 'deny')];
}

function realpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // There is nothing, or nothing that may be seen.
    return undefined;
  }
}
