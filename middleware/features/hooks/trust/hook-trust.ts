import { labelOf, type HookEntry } from '../config/hook-entry.ts';
import type { CheckedFiles } from './checked-files.ts';
import { readProjectFile } from '../config/read-project-file.ts';
import type { ScriptHook } from '../scripts/script-hooks.ts';
import type { TrustSubject } from '../../trust/trust-record.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import type { CheckedSubject } from './checked-subject.ts';
import { subjectOfHook } from './subject-of-hook.ts';
import { subjectOfScriptHook } from './subject-of-script-hook.ts';
import type { HookPlace } from '../sessions/hook-place.ts';

/** A hook of a project that nobody has said anything of. */
export interface UndecidedHook {
  readonly subject: TrustSubject;
  readonly hook: HookEntry | ScriptHook;
  /** Whether another content of it was allowed: what it guards waits for the user's word. */
  readonly isChanged: boolean;
}

/** Hooks by what may be done with them. */
export interface CheckedHooks<Hook> {
  readonly allowed: readonly Hook[];
  /** Those that were allowed with another content, and of whose content now nobody has said anything. */
  readonly changed: readonly Hook[];
  /** The files of each that may run, as they were when it was decided; none where nobody decides. */
  readonly filesOf: ReadonlyMap<Hook, CheckedFiles>;
}

/** Tells which hooks may run. The hash of a hook is made anew each time: a hook that was changed is another. */
export interface HookTrust {
  /** Those that may run: the user, or nobody, had to allow them. The log says once of a session which others did not run. */
  readonly check: <Hook extends HookEntry | ScriptHook>(
    hooks: readonly Hook[],
    place: HookPlace,
  ) => Promise<CheckedHooks<Hook>>;
  /** Those of which nobody has said yes or no, for this conversation or for always. */
  readonly undecided: (place: HookPlace) => Promise<readonly UndecidedHook[]>;
}

export function createHookTrust(trust: TrustStore): HookTrust {
  return {
    check: async (hooks, place) => {
      const states = await Promise.all(hooks.map((hook) => stateOf(hook, place, trust)));
      return {
        allowed: hooks.filter((_, index) => states[index]?.state === 'allowed'),
        changed: hooks.filter((_, index) => states[index]?.state === 'changed'),
        filesOf: new Map(
          hooks.flatMap((hook, index) => {
            const files = states[index]?.files;
            return files === undefined ? [] : [[hook, files] as const];
          }),
        ),
      };
    },
    undecided: async (place) => {
      const { hooks, project, session } = place;
      const checked = await Promise.all(
        [...hooks.entries, ...hooks.scripts].map(async (hook): Promise<readonly UndecidedHook[]> => {
          const checked = await subjectOf(hook, project.workspace);
          if (checked === undefined) return [];
          const { subject } = checked;
          const decision = await trust.decisionOn(subject, session.key);
          const isOpen = decision === undefined && !(await isAllowedByCommand(hook, place, trust));
          return isOpen ? [{ subject, hook, isChanged: await trust.wasTrusted(subject, session.key) }] : [];
        }),
      );
      return checked.flat();
    },
  };
}

interface HookState {
  readonly state: 'allowed' | 'changed' | 'not allowed';
  readonly files: CheckedFiles | undefined;
}

async function stateOf(
  hook: HookEntry | ScriptHook,
  place: HookPlace,
  trust: TrustStore,
): Promise<HookState> {
  const { key } = place.session;
  const checked = await subjectOf(hook, place.project.workspace);
  if (checked === undefined) return { state: 'allowed', files: undefined };
  const { subject, files } = checked;
  const decision = await trust.decisionOn(subject, key);
  if (decision === 'allowed' || (await isAllowedByCommand(hook, place, trust)))
    return { state: 'allowed', files };
  tellOnce(hook, subject, place);
  const isChanged = decision === undefined && (await trust.wasTrusted(subject, key));
  return { state: isChanged ? 'changed' : 'not allowed', files };
}

/** A hook from the front matter of a command may run where the command may: its hash covers the whole file. */
async function isAllowedByCommand(
  hook: HookEntry | ScriptHook,
  { session }: HookPlace,
  trust: TrustStore,
): Promise<boolean> {
  if ('slot' in hook) return false;
  const command = [...session.commandHooks]
    .map(([, extras]) => extras)
    .find(({ hooks }) => hooks.includes(hook));
  return command?.subject !== undefined && trust.isTrusted(command.subject, session.key);
}

/** What names a hook to the user. */
export function nameOfHook(hook: HookEntry | ScriptHook): string {
  return 'slot' in hook ? hook.name : labelOf(hook.handler);
}

async function subjectOf(hook: HookEntry | ScriptHook, project: string): Promise<CheckedSubject | undefined> {
  if (!('slot' in hook)) return subjectOfHook(hook, project);
  const file = await readProjectFile(hook.path);
  // A script that cannot be read is not what anybody allowed.
  const subject = subjectOfScriptHook(hook, file?.content ?? Buffer.alloc(0), project);
  const files = new Map(file === undefined ? [] : [[hook.path, file]]);
  return subject === undefined ? undefined : { subject, files };
}

function tellOnce(
  hook: HookEntry | ScriptHook,
  { hash }: TrustSubject,
  { session, project, log }: HookPlace,
): void {
  if (session.told.has(hash)) return;
  session.told.add(hash);
  log.warn('a hook of the project was not run: nobody allowed it; `codex-plus trust add` does', {
    ...{ session: session.id, project: project.workspace },
    hook: 'slot' in hook ? hook.name : `${hook.event} ${nameOfHook(hook)}`,
  });
}
