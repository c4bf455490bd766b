import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { TomlPath } from './codex-toml.ts';

/** Whether a path is another one, or leads on from it. */
export function isPartOf(path: TomlPath, whole: TomlPath): boolean {
  return whole.every((part, i) => path[i] === part);
}

/** A document without what stands at the paths. */
export function documentWithout(document: JsonObject, paths: readonly TomlPath[]): JsonObject {
  return without(document, [], paths) as JsonObject;
}

function without(value: unknown, place: TomlPath, paths: readonly TomlPath[]): unknown {
  const isKept = (key: string | number): boolean => !paths.some((path) => isPartOf([...place, key], path));
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, i) => (isKept(i) ? [without(item, [...place, i], paths)] : []));
  }
  if (!isTable(value)) return value;
  const members = Object.entries(value).filter(([key]) => isKept(key));
  return Object.fromEntries(members.map(([key, member]) => [key, without(member, [...place, key], paths)]));
}

/** A value without the tables and arrays in it that say nothing: a table may be left over of which only a part was ours. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutEmpty(item));
  if (!isTable(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withoutEmpty(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isTable(value) && Object.keys(value).length === 0;
}

/** Dates are objects as well. */
function isTable(value: unknown): value is JsonObject {
  return isJsonObject(value) && !(value instanceof Date);
}
