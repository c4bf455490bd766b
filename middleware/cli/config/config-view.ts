import type { HookProblem } from '../../features/hooks/config/parse-hooks.ts';
import { ruleHint } from '../../features/policy/rules/describe-rule.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import {
  explainConfig,
  type ConfigOrigin,
  type ExplainedConfig,
  type OwnConfigRow,
} from '../../platform/config/explain-config.ts';
import type { IgnoredSetting } from '../../platform/config/scopes/apply-policy.ts';
import type { ConfigProblem } from '../../platform/config/scopes/files/config-problem.ts';
import { explainSnapshot, type ConfigRow } from '../../platform/config/scopes/explain.ts';
import { enabledHooks } from '../../features/hooks/config/enabled-hooks.ts';
import type { CliContext } from '../context.ts';
import { readProject } from './read-project.ts';
import { shortPath, type Places } from './short-path.ts';
import { sourceText } from './source-text.ts';

/** Everything that is configured for a folder, as it is shown; secrets masked. */
export interface ConfigView extends Places {
  readonly problems: readonly ConfigProblem[];
  /** Permission rules that likely match nothing, each with the reason. */
  readonly idleRules: readonly IdleRule[];
  readonly settings: readonly ConfigRow[];
  readonly ignored: readonly IgnoredSetting[];
  /** The configuration of the middleware itself. */
  readonly middleware: ExplainedConfig;
}

interface IdleRule {
  readonly rule: PermissionRule;
  readonly reason: string;
}

export type AnyRow = ConfigRow | OwnConfigRow;

/** Reads everything that is configured for the folder that the command line stands in. */
export async function readConfigView(
  context: CliContext,
  options: Parameters<typeof readProject>[1],
): Promise<ConfigView> {
  const snapshot = await readProject(context, options);
  const { workspace, home, ignored } = snapshot;
  const problems = [...snapshot.problems, ...enabledHooks(snapshot).problems.map(hookProblem)];
  const settings = explainSnapshot(snapshot);
  const idleRules = snapshot.settings.rules.flatMap((rule): IdleRule[] => {
    const reason = ruleHint(rule);
    return reason === undefined ? [] : [{ rule, reason }];
  });
  return { workspace, home, problems, idleRules, settings, ignored, middleware: explainConfig(context) };
}

/** A hook is read when it is run, so that what is wrong in it is no fault of the file. */
function hookProblem({ source, path, reason }: HookProblem): ConfigProblem {
  const { file, scope } = source;
  return { file, scope, line: undefined, column: undefined, path, reason, leftOut: 'entry' };
}

/** Where a value of either kind comes from. */
export function originText(source: AnyRow['source'], places: Places): string {
  return 'scope' in source ? sourceText(source, places) : ownOriginText(source, places);
}

function ownOriginText(source: ConfigOrigin, places: Places): string {
  switch (source.kind) {
    case 'variable':
      return `variable ${source.name}`;
    case 'file':
      return `file ${shortPath(source.file, places)}`;
    case 'default':
      return 'default';
  }
}
