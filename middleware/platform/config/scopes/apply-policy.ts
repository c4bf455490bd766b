import { addAll } from '../../../kernel/bounds/add-all.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { ConfigSource } from '../../../kernel/config-source.ts';

/** The settings of one file. */
export interface SettingsLayer {
  readonly source: ConfigSource;
  readonly settings: JsonObject;
}

/** A setting that a policy takes away. */
export interface IgnoredSetting {
  readonly key: string;
  readonly source: ConfigSource;
  readonly reason: string;
}

/**
 * The settings that may count, the strongest first, and what was taken away from them. An organisation's locks shut
 * out everybody else's rules, hooks and allow lists; its own keys mean nothing elsewhere; and no file of a
 * project's folder switches permissions off.
 */
export function applyPolicy(layers: readonly SettingsLayer[]): {
  readonly layers: readonly SettingsLayer[];
  readonly ignored: readonly IgnoredSetting[];
} {
  const ignored: IgnoredSetting[] = [];
  const bans = bansOf(layers);
  const kept = layers.map(({ source, settings }) => {
    const hits = bans.filter(({ path, hits }) => hits(source, valueAt(settings, path)));
    addAll(
      ignored,
      hits.map(({ path, reason }) => ({ key: path.join('.'), source, reason })),
    );
    return { source, settings: hits.reduce((left, { path }) => without(left, path), settings) };
  });
  return { layers: kept, ignored };
}

/** Whether any file forbids the mode that asks for no permission; none can take that back. */
export function disablesBypass(layers: readonly SettingsLayer[]): boolean {
  const path = ['permissions', 'disableBypassPermissionsMode'];
  return layers.some(({ settings }) => valueAt(settings, path) === 'disable');
}

interface Ban {
  readonly path: readonly string[];
  readonly hits: (source: ConfigSource, value: unknown) => boolean;
  readonly reason: string;
}

/** Keys that Claude Code reads in managed settings only. */
const enterpriseOnly = [
  'allowManagedHooksOnly',
  'allowManagedPermissionRulesOnly',
  'allowManagedMcpServersOnly',
];

/** Lists that say what may be used: adding to the organisation's would override it. */
const allowLists = ['availableModels', 'allowedMcpServers', 'allowedHttpHookUrls', 'httpHookAllowedEnvVars'];

function bansOf(layers: readonly SettingsLayer[]): readonly Ban[] {
  const enterprise = layers.filter(({ source }) => source.scope === 'enterprise');
  const says = (key: string): boolean =>
    enterprise.find(({ settings }) => key in settings)?.settings[key] === true;
  const bans = enterpriseOnly.map((key) => foreign([key], 'counts only in enterprise settings'));
  if (says('allowManagedPermissionRulesOnly')) {
    for (const list of ['allow', 'ask', 'deny']) {
      bans.push(foreign(['permissions', list], 'enterprise settings allow their own rules only'));
    }
  }
  if (says('allowManagedHooksOnly')) {
    bans.push(foreign(['hooks'], 'enterprise settings allow their own hooks only'));
  }
  for (const key of allowLists) {
    if (enterprise.some(({ settings }) => key in settings)) {
      bans.push(foreign([key], 'enterprise settings have this list'));
    }
  }
  return [...bans, bypassBan(layers), ...projectBans(layers)];
}

function foreign(path: readonly string[], reason: string): Ban {
  return { path, hits: ({ scope }, value) => scope !== 'enterprise' && value !== undefined, reason };
}

function bypassBan(layers: readonly SettingsLayer[]): Ban {
  const isDisabled = disablesBypass(layers);
  return {
    path: ['permissions', 'defaultMode'],
    hits: (source, value) => value === 'bypassPermissions' && (isDisabled || isOfProject(source)),
    reason: isDisabled
      ? 'permissions.disableBypassPermissionsMode is set'
      : 'a file in the project cannot switch permissions off',
  };
}

/** The modes that refuse what no rule allows, or all changes. */
const strictModes: readonly unknown[] = ['plan', 'dontAsk'];

/** A file that comes with a project takes back no limit that its user has set. */
function projectBans(layers: readonly SettingsLayer[]): readonly Ban[] {
  const own = layers.filter(({ source }) => !isOfProject(source));
  const modeAt = ['permissions', 'defaultMode'];
  const mode = own.map(({ settings }) => valueAt(settings, modeAt)).find((value) => value !== undefined);
  const lists = allowLists.filter((key) => own.some(({ settings }) => key in settings));
  return [
    ...lists.map((key): Ban => ({
      path: [key],
      hits: (source, value) => isOfProject(source) && value !== undefined,
      reason: 'a file in the project cannot add to your list',
    })),
    {
      path: modeAt,
      hits: (source, value) =>
        isOfProject(source) &&
        value !== undefined &&
        value !== 'bypassPermissions' &&
        strictModes.includes(mode),
      reason: 'a file in the project cannot change your mode',
    },
  ];
}

function isOfProject({ scope }: ConfigSource): boolean {
  return scope === 'project' || scope === 'local';
}

function valueAt(settings: JsonObject, [key = '', ...below]: readonly string[]): unknown {
  const value = Object.hasOwn(settings, key) ? settings[key] : undefined;
  if (below.length === 0) return value;
  return isJsonObject(value) ? valueAt(value, below) : undefined;
}

function without(settings: JsonObject, [key = '', ...below]: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      if (name !== key) return [[name, value]];
      return below.length > 0 && isJsonObject(value) ? [[name, without(value, below)]] : [];
    }),
  );
}
