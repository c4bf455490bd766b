import { dirname, isAbsolute, join } from 'node:path';
import { escapedPath } from './escaped-path.ts';
import { gitConfigEntries, type GitConfigEntry } from './git-config-entries.ts';
import { readSmallFile } from './read-small-file.ts';

interface GitConfig {
  readonly entries: readonly GitConfigEntry[];
  /** The files that the given ones include, there or not. */
  readonly included: readonly string[];
}

/** Git's own bound is ten files inside each other; a configuration has some kilobytes. */
const maxFiles = 100;
const maxBytes = 1_048_576;

const includes = /^include(if\..*)?\.path$/s;

/**
 * The settings of some files and of all that they include, whatever an include depends on: what is not so now may
 * be so later.
 */
export async function readGitConfig(files: readonly string[], homeDir: string): Promise<GitConfig> {
  const entries: GitConfigEntry[] = [];
  const paths = [...files];
  const seen = new Set<string>();
  for (let next = 0; next < paths.length && seen.size < maxFiles; next++) {
    const file = paths[next] ?? '';
    if (seen.has(file)) continue;
    seen.add(file);
    const text = await readSmallFile(file, maxBytes);
    for (const { name, value: bytes } of text === undefined ? [] : gitConfigEntries(text)) {
      const value = escapedPath(Buffer.from(bytes, 'latin1'));
      entries.push({ name, value });
      if (includes.test(name)) paths.push(expanded(value, homeDir, dirname(file)));
    }
  }
  return { entries, included: paths.slice(files.length) };
}

function expanded(value: string, homeDir: string, from: string): string {
  if (value.startsWith('~/')) return join(homeDir, value.slice(2));
  // Not joined: `link/..` is not where the link lies.
  return isAbsolute(value) ? value : `${from}/${value}`;
}
