import { isJsonObject } from '../../../kernel/json-object.ts';
import type { Environment } from '../environment.ts';
import type { SettingsLayer } from './apply-policy.ts';
import { expandAll } from './expand-variables.ts';
import { pathText, type JsonPath } from './files/read-json-object.ts';
import type { Sourced, Winner } from './sourced.ts';

/** What became of one key of the settings. */
export type MergedEntry =
  | ({ readonly kind: 'value'; readonly key: string } & Winner<unknown>)
  | {
      readonly kind: 'list';
      readonly key: string;
      /** The entries of all files, the strongest file's first, each once. */
      readonly items: readonly Sourced<unknown>[];
    };

/**
 * Merges settings, the strongest first: of single values the strongest wins, lists add up, objects are merged key by key.
 * Where files disagree on the kind, the strongest decides and the others do not count. Entries are named by their path.
 */
export function mergeLayers(
  layers: readonly SettingsLayer[],
  env: Environment,
): ReadonlyMap<string, MergedEntry> {
  const entries = new Map<string, MergedEntry>();
  const values = layers.map(({ source, settings }) => read(settings, source, env));
  mergeAt([], values, entries);
  return entries;
}

/** Settings of Claude Code's own files are not expanded, as there; ours and those below `.codex` are. */
export function read<T>(written: T, source: Sourced<T>['source'], env: Environment): Sourced<T> {
  return { value: source.family === 'claude' ? written : (expandAll(written, env) as T), source, written };
}

function mergeAt(
  path: JsonPath,
  values: readonly Sourced<unknown>[],
  entries: Map<string, MergedEntry>,
): void {
  const [strongest, ...others] = values;
  if (strongest === undefined) return;
  const key = pathText(path);
  if (isJsonObject(strongest.value)) {
    const objects = values.filter(({ value }) => isJsonObject(value));
    for (const name of new Set(objects.flatMap(({ value }) => Object.keys(value as object)))) {
      mergeAt(
        [...path, name],
        objects.flatMap((object) => memberOf(object, name)),
        entries,
      );
    }
  } else if (Array.isArray(strongest.value)) {
    entries.set(key, { kind: 'list', key, items: joined(values) });
  } else {
    entries.set(key, { kind: 'value', key, ...strongest, overridden: others });
  }
}

function memberOf({ value, source, written }: Sourced<unknown>, name: string): readonly Sourced<unknown>[] {
  const members = value as Readonly<Record<string, unknown>>;
  if (!Object.hasOwn(members, name)) return [];
  return [{ value: members[name], source, written: (written as Readonly<Record<string, unknown>>)[name] }];
}

function joined(lists: readonly Sourced<unknown>[]): readonly Sourced<unknown>[] {
  const items = new Map<string, Sourced<unknown>>();
  for (const { value, source, written } of lists) {
    if (!Array.isArray(value)) continue;
    const texts = written as readonly unknown[];
    for (const [index, item] of value.entries()) {
      const text = JSON.stringify(item);
      if (!items.has(text)) items.set(text, { value: item as unknown, source, written: texts[index] });
    }
  }
  return [...items.values()];
}
