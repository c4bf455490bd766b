import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';

test('the command line loads the MCP SDK for the commands that use servers, and for no other', () => {
  const loaded = importsOf(join(rootDir, 'middleware', 'cli', 'command-line.ts'));
  expect(loaded).toContain('commander');
  expect([...loaded].filter((name) => name.startsWith('@modelcontextprotocol/'))).toEqual([]);
});

/** The libraries that a file loads before its first line runs: all but types, and what is imported while it runs. */
function importsOf(entry: string): ReadonlySet<string> {
  const files = new Set([entry]);
  const libraries = new Set<string>();
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [, name = ''] of text.matchAll(/^(?:import|export)\b(?! type\b)[^;]*?'([^']+)';/gm)) {
      if (name.startsWith('.')) files.add(join(dirname(file), name));
      else libraries.add(name);
    }
  }
  return libraries;
}
