import { addAll } from '../../../kernel/bounds/add-all.ts';
import type { ConfigSource } from '../../../kernel/config-source.ts';
import { maskSecrets } from './mask-secrets.ts';
import type { ProjectSnapshot } from './project-snapshot.ts';
import { pathText } from './files/read-json-object.ts';
import type { Sourced, Winner } from './sourced.ts';

/** One line of the merged view. */
export interface ConfigRow {
  readonly key: string;
  /** As it is written in the file, `${VAR}` not replaced; secrets masked. */
  readonly value: unknown;
  readonly source: ConfigSource;
  /** What would count without it, the strongest first. */
  readonly overridden: readonly { readonly value: unknown; readonly source: ConfigSource }[];
}

/** The merged view of a configuration: each value with the file that it comes from and those that it was preferred to. */
export function explainSnapshot({ settings, mcpServers }: ProjectSnapshot): readonly ConfigRow[] {
  const rows: ConfigRow[] = [];
  for (const entry of settings.entries.values()) {
    if (entry.kind === 'value') rows.push(winnerRow(entry.key, nameIn(entry.key), entry));
    else addAll(rows, listRows(entry.key, entry.items));
  }
  for (const [name, variable] of settings.env) rows.push(winnerRow(pathText(['env', name]), name, variable));
  for (const behavior of ['allow', 'ask', 'deny']) {
    const rules = settings.rules.filter((rule) => rule.behavior === behavior);
    addAll(
      rows,
      listRows(
        `permissions.${behavior}`,
        rules.map(({ text, written, source }) => ({ value: text, written, source })),
      ),
    );
  }
  addAll(rows, listRows('hooks', settings.hooks));
  for (const [name, server] of mcpServers) rows.push(winnerRow(pathText(['mcpServers', name]), '', server));
  // Stable, so that the entries of one list stay in their order.
  return rows.toSorted((one, other) => compare(listKey(one.key), listKey(other.key)));
}

function winnerRow(key: string, name: string, winner: Winner<unknown>): ConfigRow {
  return {
    key,
    value: maskSecrets(name, winner.written),
    source: winner.source,
    overridden: winner.overridden.map(({ written, source }) => ({
      value: maskSecrets(name, written),
      source,
    })),
  };
}

function listRows(key: string, items: readonly Sourced<unknown>[]): readonly ConfigRow[] {
  return items.map(({ written, source }, index) => ({
    key: `${key}[${index}]`,
    value: maskSecrets(nameIn(key), written),
    source,
    overridden: [],
  }));
}

function nameIn(key: string): string {
  return /[\w-]+$/.exec(key)?.[0] ?? key;
}

function listKey(key: string): string {
  return key.replace(/\[\d+\]$/, '');
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
