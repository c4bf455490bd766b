import type { HookEntry } from '../../features/hooks/hook-entry.ts';
import type { HookEvent } from '../../features/hooks/hook-event.ts';
import { parseHooks, type HookProblem } from '../../features/hooks/parse-hooks.ts';
import { readProjectFile } from '../../features/hooks/read-project-file.ts';
import { findScriptHooks, type ScriptHook } from '../../features/hooks/script-hooks.ts';
import { selectHooks } from '../../features/hooks/select-hooks.ts';
import type { ConfigSource } from '../../kernel/config-source.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { Environment } from '../../platform/config/environment.ts';
import { nodeFileAccess } from '../../platform/config/scopes/file-access.ts';
import { FreshCache } from '../../platform/config/scopes/fresh-cache.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { scriptHookFolders } from '../../platform/config/scopes/script-hook-folders.ts';
import { userFolders } from '../../platform/config/scopes/user-folders.ts';

/** The hooks that hold for somebody who works in a folder; whether they may run yet is not said here. */
export interface ProjectHooks {
  readonly entries: readonly HookEntry[];
  readonly scripts: readonly ScriptHook[];
  readonly problems: readonly HookProblem[];
  /** Whether any hook of the settings is about the event. */
  readonly anyFor: (event: HookEvent) => boolean;
}

/** Who works there: Claude Code runs the hooks of its own files itself. */
export type HookAudience = Pick<Exchange, 'client' | 'caller'>;

export type HooksOf = (project: ProjectSnapshot, audience: HookAudience) => Promise<ProjectHooks>;

interface ProjectHooksOptions {
  readonly env: Environment;
  /** For how long a folder of scripts is not looked at again. */
  readonly freshMs: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

interface Found {
  readonly entries: readonly HookEntry[];
  readonly problems: readonly HookProblem[];
}

const maxWorkspaces = 256;

/** Finds the hooks of projects; the settings of a snapshot are parsed once. */
export function createProjectHooks({ env, freshMs, now }: ProjectHooksOptions): HooksOf {
  const parsed = new WeakMap<ProjectSnapshot, Found>();
  const scripts = new FreshCache<readonly ScriptHook[]>({
    ...{ maxEntries: maxWorkspaces, freshMs, now },
    load: async (key) => {
      const [workspace = '', home = ''] = JSON.parse(key) as string[];
      return scriptsOf(workspace, home, env);
    },
  });
  return async (project, audience) => {
    const found = parsed.get(project) ?? parse(project);
    parsed.set(project, found);
    const all = areOff(project) ? [] : await scripts.get(JSON.stringify([project.workspace, project.home]));
    const isOurs = ({ source }: { readonly source: ConfigSource }): boolean => isRunHere(source, audience);
    const entries = found.entries.filter(isOurs);
    const events = new Set(entries.map(({ event }) => event));
    return {
      entries,
      scripts: all.filter(isOurs),
      problems: found.problems,
      anyFor: (event) => events.has(event),
    };
  };
}

/**
 * Whether we are the ones who run what a source defines. Claude Code runs what stands in its own files, and a hook runs once; an
 * organisation's hooks run all the same for callers from elsewhere, where such a client may have no such file.
 */
export function isRunHere({ family, scope }: ConfigSource, { client, caller }: HookAudience): boolean {
  if (client.kind !== 'claude' || family !== 'claude') return true;
  return scope === 'enterprise' && caller.kind === 'key';
}

function parse({ settings }: ProjectSnapshot): Found {
  const { entries, problems } = parseHooks(settings.hooks.map(({ source, value }) => ({ source, value })));
  const off = settings.disableAllHooks;
  if (off?.value === true && off.source.scope === 'enterprise') return { entries: [], problems };
  return { entries: selectHooks(entries, switchesOf(settings)), problems };
}

function areOff({ settings }: ProjectSnapshot): boolean {
  const { areDisabled, onlyManaged } = switchesOf(settings);
  return areDisabled || onlyManaged;
}

function switchesOf(settings: ProjectSnapshot['settings']): Parameters<typeof selectHooks>[1] {
  const managed = settings.entries.get('allowManagedHooksOnly');
  return {
    areDisabled: settings.disableAllHooks?.value === true,
    onlyManaged: managed?.kind === 'value' && managed.value === true,
  };
}

async function scriptsOf(workspace: string, home: string, env: Environment): Promise<readonly ScriptHook[]> {
  const folders = await Promise.all(
    scriptHookFolders(workspace, userFolders(home, env)).map(async ({ folder, source, unless }) => {
      const counts = unless === undefined || (await nodeFileAccess.stamp(unless)).kind === 'absent';
      return { dir: folder, source, names: counts ? ((await nodeFileAccess.names(folder)) ?? []) : [] };
    }),
  );
  return findScriptHooks(folders, { node: process.execPath, firstLine });
}

const firstLineBytes = 256;

function firstLine(path: string): string {
  return readProjectFile(path)?.toString('utf8', 0, firstLineBytes).split('\n', 1)[0] ?? '';
}
