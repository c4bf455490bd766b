import type { JsonObject } from '../../middleware/kernel/json-object.ts';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decide } from '../../middleware/features/policy/evaluate-rules.ts';
import type { Decision } from '../../middleware/features/policy/decision.ts';
import type { PolicyContext } from '../../middleware/features/policy/policy-context.ts';
import { policyCallOf } from '../../middleware/features/policy/policy-call.ts';
import type { ConfigSource, Scope } from '../../middleware/kernel/config-source.ts';
import type { PermissionRule } from '../../middleware/kernel/permission-rule.ts';
import { expandGlob } from '../../middleware/platform/shell/expand-glob.ts';

/** A project and a home on a real disk, and questions about calls in them. */
export interface PolicyPlace {
  readonly project: string;
  readonly home: string;
  readonly context: PolicyContext;
  readonly rules: (settings: Settings, scope?: Scope) => readonly PermissionRule[];
  /** What the user's settings say of a call. */
  readonly ask: (
    settings: Settings,
    tool: string,
    input: JsonObject,
    more?: Partial<PolicyContext>,
  ) => Decision;
  /** The same of a shell line, and only the behavior. */
  readonly shell: (
    settings: Settings,
    command: string,
    more?: Partial<PolicyContext>,
  ) => Decision['behavior'];
  readonly remove: () => void;
}

type Settings = Partial<Record<PermissionRule['behavior'], readonly string[]>>;

/** Lays out files below a project and a home; a value that begins with `→ ` is a link to there. */
export function makePolicyPlace(files: Readonly<Record<string, string>>): PolicyPlace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'policy-')));
  const project = join(root, 'project');
  const home = join(root, 'home');
  mkdirSync(project);
  mkdirSync(home);
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    if (content.startsWith('→ ')) symlinkSync(join(root, content.slice(2)), path);
    else writeFileSync(path, content);
  }
  const context: PolicyContext = {
    cwd: project,
    home,
    mode: 'default',
    realpath: existing,
    glob: expandGlob,
  };
  const rules = (settings: Settings, scope: Scope = 'user'): readonly PermissionRule[] =>
    (['allow', 'ask', 'deny'] as const).flatMap((behavior) =>
      (settings[behavior] ?? []).map((text) => ({
        behavior,
        text,
        source: sourceOf(scope, project, home),
      })),
    );
  const ask: PolicyPlace['ask'] = (settings, tool, input, more) =>
    decide(policyCallOf(tool, input), rules(settings), { ...context, ...more });
  return {
    project,
    home,
    context,
    rules,
    ask,
    shell: (settings, command, more) => ask(settings, 'Bash', { command }, more).behavior,
    remove: () => {
      rmSync(root, { recursive: true });
    },
  };
}

function sourceOf(scope: Scope, project: string, home: string): ConfigSource {
  const baseDir = scope === 'user' ? join(home, '.claude') : project;
  const folder = scope === 'user' ? baseDir : join(project, '.claude');
  return { scope, family: 'claude', file: join(folder, 'settings.json'), baseDir };
}

function existing(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
