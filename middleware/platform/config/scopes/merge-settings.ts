import { objectIn, type JsonObject } from '../../../kernel/json-object.ts';
import type { PermissionRule } from '../../../kernel/permission-rule.ts';
import type { Environment } from '../environment.ts';
import { applyPolicy, disablesBypass, type IgnoredSetting, type SettingsLayer } from './apply-policy.ts';
import { mergeLayers, read, type MergedEntry } from './merge-layers.ts';
import type { Sourced, Winner } from './sourced.ts';

/** A rule, and how it is written where `${VAR}` was replaced in it. */
export interface MergedRule extends PermissionRule {
  readonly written: string;
}

/** The settings of all files as one, each with the file that it comes from. */
export interface MergedSettings {
  /** Every setting by its path, but for `env`, rules and hooks. Those with a field of their own below stand here too. */
  readonly entries: ReadonlyMap<string, MergedEntry>;
  /** Variables for what is run for the user; they go over those of the process. */
  readonly env: ReadonlyMap<string, Winner<string>>;
  /** The rules of all files, in the order of the files; which one decides does not depend on the order. */
  readonly rules: readonly MergedRule[];
  readonly defaultMode: Winner<string> | undefined;
  readonly additionalDirectories: readonly Sourced<string>[];
  readonly disableBypassPermissionsMode: boolean;
  readonly model: Winner<string> | undefined;
  /** `hooks` of each file as it is written there: shells and requests expand variables when they run. */
  readonly hooks: readonly Sourced<unknown>[];
  /** Switches off all hooks but, unless enterprise settings say it, those of enterprise settings. */
  readonly disableAllHooks: Winner<boolean> | undefined;
  readonly enableAllProjectMcpServers: Winner<boolean> | undefined;
  readonly enabledMcpjsonServers: readonly Sourced<string>[];
  readonly disabledMcpjsonServers: readonly Sourced<string>[];
  /** `undefined`: every server may be used; empty: none. */
  readonly allowedMcpServers: readonly Sourced<JsonObject>[] | undefined;
  readonly deniedMcpServers: readonly Sourced<JsonObject>[];
  /** What an organisation, or the mere place of a file, does not let count. */
  readonly ignored: readonly IgnoredSetting[];
}

/**
 * Merges the settings of all files, given the strongest first. Rules and hooks of all files are joined: a project's deny
 * holds against an organisation's allow, as in Claude Code.
 */
export function mergeSettings(all: readonly SettingsLayer[], env: Environment): MergedSettings {
  const { layers, ignored } = applyPolicy(all);
  const entries = mergeLayers(layers.map(withoutJoined), env);
  return {
    entries,
    env: variablesOf(layers, env),
    rules: layers.flatMap((layer) => rulesOf(layer, env)),
    defaultMode: valueOf<string>(entries, 'permissions.defaultMode'),
    additionalDirectories: listOf<string>(entries, 'permissions.additionalDirectories') ?? [],
    disableBypassPermissionsMode: disablesBypass(layers),
    model: valueOf<string>(entries, 'model'),
    hooks: layers.flatMap(hooksOf),
    disableAllHooks: valueOf<boolean>(entries, 'disableAllHooks'),
    enableAllProjectMcpServers: valueOf<boolean>(entries, 'enableAllProjectMcpServers'),
    enabledMcpjsonServers: listOf<string>(entries, 'enabledMcpjsonServers') ?? [],
    disabledMcpjsonServers: listOf<string>(entries, 'disabledMcpjsonServers') ?? [],
    allowedMcpServers: listOf<JsonObject>(entries, 'allowedMcpServers'),
    deniedMcpServers: listOf<JsonObject>(entries, 'deniedMcpServers') ?? [],
    ignored,
  };
}

type Entries = ReadonlyMap<string, MergedEntry>;

/** The type is the one that the key was checked for when its file was read. */
function valueOf<T>(entries: Entries, key: string): Winner<T> | undefined {
  const entry = entries.get(key);
  return entry?.kind === 'value' ? (entry as Winner<unknown> as Winner<T>) : undefined;
}

function listOf<T>(entries: Entries, key: string): readonly Sourced<T>[] | undefined {
  const entry = entries.get(key);
  return entry?.kind === 'list' ? (entry.items as readonly Sourced<T>[]) : undefined;
}

const behaviors = ['deny', 'ask', 'allow'] as const;

function rulesOf({ source, settings }: SettingsLayer, env: Environment): readonly MergedRule[] {
  const permissions = objectIn(settings['permissions']);
  return behaviors.flatMap((behavior) => {
    const rules = (permissions[behavior] ?? []) as readonly string[];
    return rules.map((written) => ({ behavior, text: read(written, source, env).value, source, written }));
  });
}

function hooksOf({ source, settings }: SettingsLayer): readonly Sourced<unknown>[] {
  const hooks = settings['hooks'];
  return hooks === undefined ? [] : [{ value: hooks, source, written: hooks }];
}

function variablesOf(
  layers: readonly SettingsLayer[],
  env: Environment,
): ReadonlyMap<string, Winner<string>> {
  const values = new Map<string, Sourced<string>[]>();
  for (const { source, settings } of layers) {
    for (const [name, written] of Object.entries(objectIn(settings['env']))) {
      const value = read(written as string, source, env);
      values.set(name, [...(values.get(name) ?? []), value]);
    }
  }
  return new Map(
    [...values].flatMap(([name, [strongest, ...overridden]]) =>
      strongest === undefined ? [] : [[name, { ...strongest, overridden }]],
    ),
  );
}

/** What is joined here and not merged by its path. */
function withoutJoined({ source, settings }: SettingsLayer): SettingsLayer {
  const permissions = omit(objectIn(settings['permissions']), behaviors);
  return { source, settings: { ...omit(settings, ['hooks', 'env']), permissions } };
}

function omit(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
