import { join } from 'node:path';
import type { HookEntry } from './hook-entry.ts';
import type { HookEvent } from '../hook-event.ts';
import type { HookProblem } from './parse-hooks.ts';
import { readProjectFile } from './read-project-file.ts';
import { findScriptHooks, type ScriptHook } from '../scripts/script-hooks.ts';
import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { Exchange } from '../../../kernel/exchange.ts';
import type { Environment } from '../../../platform/config/environment.ts';
import { nodeFileAccess } from '../../../platform/config/scopes/files/file-access.ts';
import { FreshCache } from '../../../platform/fresh-cache.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { scriptHookFolders } from '../../../platform/config/scopes/folders/script-hook-folders.ts';
import { userFolders } from '../../../platform/config/scopes/folders/user-folders.ts';
import { enabledHooks, type EnabledHooks } from './enabled-hooks.ts';

/** The hooks that hold for somebody who works in a folder; whether they may run yet is not said here. */
export interface ProjectHooks {
  readonly entries: readonly HookEntry[];
  readonly scripts: readonly ScriptHook[];
  readonly problems: readonly HookProblem[];
  /** Whether any hook of the settings is about the event. */
  readonly anyFor: (event: HookEvent) => boolean;
}

/**
 * Who works there: Claude Code runs the hooks of its own files itself. What is made of it is kept for as long as a
 * conversation, so nothing may hold on to the exchange that it is part of, body and all.
 */
export type HookAudience = Pick<Exchange, 'client' | 'caller'>;

export type HooksOf = (project: ProjectSnapshot, audience: HookAudience) => Promise<ProjectHooks>;

interface ProjectHooksOptions {
  readonly env: Environment;
  /** For how long a folder of scripts is not looked at again. */
  readonly freshMs: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

const maxWorkspaces = 256;

/** Finds the hooks of projects; the settings of a snapshot are parsed once. */
export function createProjectHooks({ env, freshMs, now }: ProjectHooksOptions): HooksOf {
  const enabled = new WeakMap<ProjectSnapshot, EnabledHooks>();
  const scripts = new FreshCache<readonly ScriptHook[]>({
    ...{ maxEntries: maxWorkspaces, freshMs, now },
    load: async (key) => {
      const [workspace = '', home = ''] = JSON.parse(key) as string[];
      return scriptsOf(workspace, home, env);
    },
  });
  return async (project, { client, caller }) => {
    const found = enabled.get(project) ?? enabledHooks(project);
    enabled.set(project, found);
    const all = await scripts.get(JSON.stringify([project.workspace, project.home]));
    const isOurs = ({ source }: { readonly source: ConfigSource }): boolean =>
      isRunHere(source, { client, caller });
    const entries = found.selected.filter(isOurs);
    const events = new Set(entries.map(({ event }) => event));
    return {
      entries,
      scripts: all.filter((script) => isOurs(script) && !found.areScriptsOff(script.source)),
      problems: found.problems,
      anyFor: (event) => events.has(event),
    };
  };
}

/** By the file of the command. */
interface BroughtHooks extends Iterable<readonly [string, { readonly hooks: readonly HookEntry[] }]> {
  readonly size: number;
}

/** The same with the hooks that commands brought into a conversation. */
export function withCommandHooks(
  hooks: ProjectHooks,
  { commandHooks }: { readonly commandHooks: BroughtHooks },
  { client, caller }: HookAudience,
): ProjectHooks {
  if (commandHooks.size === 0) return hooks;
  const brought = [...commandHooks].flatMap(([, extras]) => extras.hooks);
  const entries = [
    ...hooks.entries,
    ...brought.filter(({ source }) => isRunHere(source, { client, caller })),
  ];
  return { ...hooks, entries, anyFor: (event) => entries.some((entry) => entry.event === event) };
}

/**
 * Whether we are the ones who run what a source defines. Claude Code runs what stands in its own files, and a hook
 * runs once; an organisation's hooks run all the same for callers from elsewhere, where such a client may have no
 * such file.
 */
export function isRunHere({ family, scope }: ConfigSource, { client, caller }: HookAudience): boolean {
  if (client.kind !== 'claude' || family !== 'claude') return true;
  return scope === 'enterprise' && caller.kind === 'key';
}

async function scriptsOf(workspace: string, home: string, env: Environment): Promise<readonly ScriptHook[]> {
  const folders = await Promise.all(
    scriptHookFolders(workspace, userFolders(home, env)).map(async ({ folder, source, unless }) => {
      const counts = unless === undefined || (await nodeFileAccess.stamp(unless)).kind === 'absent';
      return { dir: folder, source, names: counts ? ((await nodeFileAccess.names(folder)) ?? []) : [] };
    }),
  );
  const shellScripts = folders.flatMap(({ dir, names }) =>
    names.filter((name) => /^(?:pre_input|post_output)\.sh$/.test(name)).map((name) => join(dir, name)),
  );
  const lines = new Map(
    await Promise.all(shellScripts.map(async (path) => [path, await firstLine(path)] as const)),
  );
  return findScriptHooks(folders, { node: process.execPath, firstLine: (path) => lines.get(path) ?? '' });
}

const firstLineBytes = 256;

async function firstLine(path: string): Promise<string> {
  const file = await readProjectFile(path);
  return file?.content.toString('utf8', 0, firstLineBytes).split('\n', 1)[0] ?? '';
}
