import { parseAllowedTools } from '../../policy/allowed-tools.ts';
import type { Decision } from '../../policy/decision.ts';
import { decide } from '../../policy/evaluate-rules.ts';
import type { Command } from '../command.ts';
import type { PermissionRule } from '../../../kernel/permission-rule.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { policyContextOf } from '../../policy/policy-context-of.ts';

/** What the permission rules say of the things that a command does by itself. */
export interface CommandPermissions {
  readonly shell: (line: string) => Decision;
  /** As in Claude Code a reference needs no permission, but no rule may deny the file. */
  readonly mayRead: (path: string) => boolean;
}

/** The rules of the project and, where there is a command, of its `allowed-tools`, which count for this call of it only. */
export function commandPermissions(
  project: ProjectSnapshot,
  command: Pick<Command, 'allowedTools' | 'disallowedTools' | 'source'> | undefined,
): CommandPermissions {
  const { rules } = project.settings;
  // A command of a file is never more trusted than a tool call of the model: the mode is the default one.
  const extraRules = command === undefined ? [] : rulesOfCommand(command);
  // These lines are run here, by bash.
  const context = { ...policyContextOf(project, 'default', extraRules), shell: 'bash' } as const;
  return {
    shell: (line) => decide({ kind: 'shell', command: line }, rules, context),
    mayRead: (path) => decide({ kind: 'file', tool: 'Read', path }, rules, context).behavior !== 'deny',
  };
}

/** The rules of a command's `allowed-tools` and `disallowed-tools`. */
export function rulesOfCommand({
  allowedTools,
  disallowedTools,
  source,
}: Pick<Command, 'allowedTools' | 'disallowedTools' | 'source'>): PermissionRule[] {
  return [...parseAllowedTools(allowedTools, source), ...parseAllowedTools(disallowedTools, source, 'deny')];
}
