import { closestName } from '../../platform/config/closest-name.ts';
import { settingKeys } from '../../platform/config/scopes/read-settings.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { CliError } from '../cli-error.ts';
import type { AnyRow, ConfigView } from './config-view.ts';

/** What a key names: one value, a list that all files add to, or settings below it. */
export interface FoundSetting {
  readonly kind: 'value' | 'list' | 'section' | 'left-out';
  readonly rows: readonly AnyRow[];
}

/**
 * Looks up a key as `config list` shows it, in the settings and in the middleware's own. Throws a CliError where
 * there is none.
 */
export function findSetting(key: string, view: ConfigView): FoundSetting {
  for (const rows of [view.settings, view.middleware.rows]) {
    const found = findIn(key, rows);
    if (found !== undefined) return found;
  }
  const leftOut = [...view.ignored.map((ignored) => ignored.key), ...view.problems.map(({ path }) => path)];
  if (leftOut.some((path) => isBelow(path, key) || path === key)) return { kind: 'left-out', rows: [] };
  if (settingKeys.includes(key)) throw new CliError(`${key} is not set`);
  const rows = [...view.settings, ...view.middleware.rows].map((row) => listOf(row.key));
  const closest = likelyKey(key, [...new Set([...rows, ...settingKeys])]);
  throw new CliError(
    `${key} is not set${closest === undefined ? '' : `; did you mean ${visibleLine(closest, 100)}?`}`,
  );
}

/** The key that differs by a typing error, or the only one of which this is the last part. */
function likelyKey(key: string, known: readonly string[]): string | undefined {
  const closest = closestName(key, known);
  if (closest !== undefined) return closest;
  const [ending, ...others] = known.filter((name) => name.endsWith(`.${key}`));
  return others.length === 0 ? ending : undefined;
}

function findIn(key: string, rows: readonly AnyRow[]): FoundSetting | undefined {
  const [row] = rows.filter((other) => other.key === key);
  if (row !== undefined) return { kind: 'value', rows: [row] };
  const items = rows.filter((other) => listOf(other.key) === key);
  if (items.length > 0) return { kind: 'list', rows: items };
  const below = rows.filter((other) => isBelow(other.key, key));
  return below.length > 0 ? { kind: 'section', rows: below } : undefined;
}

function listOf(key: string): string {
  return key.replace(/\[\d+\]$/, '');
}

/** Whether a path is that of something in what a key names. */
export function isBelow(path: string, key: string): boolean {
  return path.startsWith(`${key}.`) || path.startsWith(`${key}[`);
}
