import { join } from 'node:path';
import type { HookEntry } from './hook-entry.ts';
import type { HookEvent } from '../hook-event.ts';
import type { HookProblem } from './parse-hooks.ts';
import { findScriptHooks, type ScriptHook } from '../scripts/script-hooks.ts';
import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { Exchange } from '../../../kernel/exchange.ts';
import type { Environment } from '../../../platform/config/environment.ts';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import { nodeFileAccess, type FileAccess } from '../../../platform/config/scopes/files/file-access.ts';
import { grounded, type Grounded } from '../../../platform/config/scopes/files/grounded.ts';
import type { FamilyFolders } from '../../../platform/config/scopes/folders/family-folders.ts';
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

export interface ProjectHooksLookup {
  readonly of: HooksOf;
  /** The same without waiting; `undefined` where that does not tell. */
  readonly now: (project: ProjectSnapshot, audience: HookAudience) => ProjectHooks | undefined;
}

interface ProjectHooksOptions {
  readonly env: Environment;
  /** For how long a folder of scripts is not looked at again, where that has to be waited for. */
  readonly freshMs: number;
  /** The same where it has not; no more than that. */
  readonly checkMs?: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

const maxWorkspaces = 256;

/** Finds the hooks of projects; the settings of a snapshot are parsed once. */
export function createProjectHooks({ env, now, ...times }: ProjectHooksOptions): ProjectHooksLookup {
  const enabled = remembered((project: ProjectSnapshot) => enabledHooks(project));
  const scripts = new FreshCache<Grounded<readonly ScriptHook[]>>({
    ...{ maxEntries: maxWorkspaces, ...times, now },
    holds: ({ holds }) => holds(),
    load: (key) => {
      const [workspace = '', home = ''] = JSON.parse(key) as string[];
      return grounded(nodeFileAccess, (access) => scriptsOf(workspace, userFolders(home, env), access));
    },
  });
  const keyOf = remembered(({ workspace, home }: ProjectSnapshot) => JSON.stringify([workspace, home]));
  // By who asks: there are few kinds of clients and callers.
  const known = remembered((_: ProjectSnapshot) =>
    remembered((_scripts: readonly ScriptHook[]) => new Map<string, ProjectHooks>()),
  );
  const hooksFor = (
    project: ProjectSnapshot,
    all: readonly ScriptHook[],
    audience: HookAudience,
  ): ProjectHooks => {
    const answers = known(project)(all);
    const key = `${audience.client.kind} ${audience.caller.kind}`;
    const answer = answers.get(key) ?? hooksIn(enabled(project), all, audience);
    answers.set(key, answer);
    return answer;
  };
  return {
    of: async (project, audience) => {
      const { value } = await scripts.get(keyOf(project));
      return hooksFor(project, value, audience);
    },
    now: (project, audience) => {
      const found = scripts.now(keyOf(project));
      return found && hooksFor(project, found.value, audience);
    },
  };
}

function hooksIn(found: EnabledHooks, all: readonly ScriptHook[], audience: HookAudience): ProjectHooks {
  const isOurs = ({ source }: { readonly source: ConfigSource }): boolean => isRunHere(source, audience);
  const entries = found.selected.filter(isOurs);
  const events = new Set(entries.map(({ event }) => event));
  return {
    entries,
    scripts: all.filter((script) => isOurs(script) && !found.areScriptsOff(script.source)),
    problems: found.problems,
    anyFor: (event) => events.has(event),
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

async function scriptsOf(
  workspace: string,
  user: FamilyFolders,
  access: FileAccess,
): Promise<readonly ScriptHook[]> {
  const folders = await Promise.all(
    scriptHookFolders(workspace, user).map(async ({ folder, source, unless }) => {
      const counts = unless === undefined || (await access.stamp(unless)).kind === 'absent';
      return { dir: folder, source, names: counts ? ((await access.names(folder)) ?? []) : [] };
    }),
  );
  const shellScripts = folders.flatMap(({ dir, names }) =>
    names.filter((name) => /^(?:pre_input|post_output)\.sh$/.test(name)).map((name) => join(dir, name)),
  );
  const lines = new Map(
    await Promise.all(shellScripts.map(async (path) => [path, await firstLine(path, access)] as const)),
  );
  return findScriptHooks(folders, { node: process.execPath, firstLine: (path) => lines.get(path) ?? '' });
}

const firstLineBytes = 256;
const maxScriptBytes = 16 * 1024 * 1024;

async function firstLine(path: string, access: FileAccess): Promise<string> {
  await access.stamp(path);
  const reading = await access.read(path, maxScriptBytes);
  if (reading.kind !== 'bytes') return '';
  return reading.bytes.toString('utf8', 0, firstLineBytes).split('\n', 1)[0] ?? '';
}
