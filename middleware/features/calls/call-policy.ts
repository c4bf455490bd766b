import { permissionModes, type PermissionMode } from '../policy/permission-mode.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { MergedSettings } from '../../platform/config/scopes/merge-settings.ts';
import type { HookPlace } from '../hooks/sessions/hook-place.ts';
import { isRunHere, type HookAudience } from '../hooks/config/project-hooks.ts';

/** What decides the calls of the model in a place, besides hooks. */
export interface CallPolicy {
  /** Those that hold for this client. */
  readonly rules: readonly PermissionRule[];
  readonly mode: PermissionMode;
  /** Besides the project's own. */
  readonly directories: MergedSettings['additionalDirectories'];
  /**
   * Whether a call that neither a rule nor the mode decides is a question; else it is the client's, which has a
   * user of its own.
   */
  readonly asksUndecided: boolean;
}

/** What the policy is read from. */
export interface PolicyPlace extends Pick<HookPlace, 'project'> {
  readonly session: Pick<HookPlace['session'], 'commandRules'>;
}

/** Who decides what no rule does, by the middleware's own configuration. */
export type Undecided = 'client' | 'ask';

/**
 * The rules and the mode of all scopes, and of the command that the turn began with. Claude Code as a client keeps
 * those of its own files itself. The modes `dontAsk` and `plan` hold whoever decides the rest: somebody wrote them
 * down.
 */
export function callPolicyOf(place: PolicyPlace, audience: HookAudience, undecided: Undecided): CallPolicy {
  const { settings } = place.project;
  const isOurs = ({ source }: PermissionRule): boolean => isRunHere(source, audience);
  const { defaultMode } = settings;
  const mode =
    defaultMode !== undefined && isRunHere(defaultMode.source, audience)
      ? modeNamed(defaultMode.value)
      : 'default';
  return {
    rules: [...settings.rules, ...place.session.commandRules].filter(isOurs),
    mode,
    directories: settings.additionalDirectories,
    asksUndecided: undecided === 'ask' || mode === 'dontAsk',
  };
}

/** Whether calls of tools that no rule is about have to be looked at as well. */
export function concernsAllTools({ mode, asksUndecided }: CallPolicy): boolean {
  return isRestricting(mode) || (asksUndecided && mode !== 'bypassPermissions');
}

/** Whether a mode refuses calls that no rule is about. */
export function isRestricting(mode: string | undefined): boolean {
  return mode === 'plan' || mode === 'dontAsk';
}

function modeNamed(name: string): PermissionMode {
  return permissionModes.find((mode) => mode === name) ?? 'default';
}
