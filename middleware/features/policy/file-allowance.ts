import { isGuardedName } from '../../kernel/is-guarded-name.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import { pathMatcher, namesOf, relativeInside } from './rules/path-rules.ts';
import type { PolicyContext } from './policy-context.ts';
import type { ActiveRule } from './rules/rule-syntax.ts';

export type FileUseKind = 'read' | 'edit';

/** The tool whose path rules are about reading, and the one whose are about changing. */
const pathRuleTool: Readonly<Record<FileUseKind, string>> = { read: 'Read', edit: 'Edit' };

export interface FileAllowance {
  readonly allowed: boolean;
  readonly rule?: PermissionRule;
}

/**
 * Whether a file may be used without a question, by all its names: allow rules, reading inside the working directories,
 * and changing there in the mode acceptEdits.
 */
export function fileAllowance(
  path: string,
  use: FileUseKind,
  allowRules: readonly ActiveRule[],
  context: PolicyContext,
): FileAllowance {
  let rule: PermissionRule | undefined;
  for (const name of namesOf(path, context.realpath)) {
    const covering = allowRules.find((active) => nameMatcher(active, use, context)(name));
    if (covering === undefined && !isFreeByPlace(name, use, context)) return { allowed: false };
    rule ??= covering?.rule;
  }
  return rule === undefined ? { allowed: true } : { allowed: true, rule };
}

/** Tests the names of files against a rule; one for another use or without a path is about none. */
export function nameMatcher(
  active: ActiveRule,
  use: FileUseKind,
  context: PolicyContext,
): (name: string) => boolean {
  const { tool, spec, rule, exceptions } = active;
  if (tool !== pathRuleTool[use] || spec === undefined) return () => false;
  return pathMatcher(spec, rule, context, exceptions);
}

/** Whether a path is in one of the session's working directories. */
export function isInside(name: string, context: PolicyContext): boolean {
  return insideOf(name, context) !== undefined;
}

function isFreeByPlace(name: string, use: FileUseKind, context: PolicyContext): boolean {
  const inside = insideOf(name, context);
  if (inside === undefined) return false;
  if (use === 'read') return true;
  // What runs later or decides what may run is asked for in the mode acceptEdits too.
  return context.mode === 'acceptEdits' && !inside.split('/').some(isGuardedName);
}

function insideOf(name: string, context: PolicyContext): string | undefined {
  const folders = [context.cwd, ...(context.additionalDirectories ?? [])];
  const all = folders.flatMap((folder) => [folder, context.realpath(folder) ?? folder]);
  return all.map((folder) => relativeInside(folder, name)).find((inside) => inside !== undefined);
}
