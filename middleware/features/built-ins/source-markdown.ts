import { relative } from 'node:path';
import type { ConfigSource } from '../../kernel/config-source.ts';
import { isWithin } from '../../platform/config/scopes/find-workspace.ts';
import { codeSpan } from './code-markdown.ts';

/** The folders that paths are shortened by. */
export interface Places {
  readonly workspace: string;
  readonly home: string;
}

/** Where something is configured: the scope and the file. */
export function sourceMarkdown({ scope, file }: ConfigSource, places: Places | undefined): string {
  return scope === 'cli' && file === 'command line'
    ? 'command line'
    : `${scope}, ${codeSpan(shortPath(file, places))}`;
}

/** A path as a reader in the workspace would write it. */
export function shortPath(path: string, places: Places | undefined): string {
  if (places === undefined) return path;
  const { workspace, home } = places;
  if (path !== workspace && isWithin(workspace, path)) return relative(workspace, path);
  return path !== home && isWithin(home, path) ? `~/${relative(home, path)}` : path;
}
