import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';

let place: PoolPlace;
beforeEach(() => {
  place = poolPlace();
});
afterEach(() => place.close());

/** Whether the tool `echo` of the user's server, which says this of itself there, may be used in a folder below the place. */
async function isUsable(folder: string, says: (workspace: string) => string): Promise<boolean> {
  const workspace = join(place.folder, folder);
  mkdirSync(workspace, { recursive: true });
  const entries = { one: fixture('good', { env: { ECHO_SAYS: says(workspace) } }) };
  const project = place.project(entries, { workspace });
  return (await place.call(project, 'echo', { text: 'used' })) === 'used';
}

const home = (): string => place.folder;

test.each<[string, (workspace: string) => string]>([
  ['a folder that has the first one in it', () => `Reads the notes in ${home()}/notes.`],
  ['an address that ends as the folder begins', () => `See https://example.com${home()}/docs.`],
  ['a longer name', () => `Reads ${home()}/shops and ${home()}/shop-old.`],
  ['the folder where it is used', (workspace) => `Reads ${workspace}: ${workspace}/notes.`],
  ['that and one of all folders', (workspace) => `Reads ${home()}/notes and writes into ${workspace}.`],
])('a tool of the user that names %s is the same one in all folders [MCP-2]', async (_, says) => {
  const folders = ['shop', '', 'other', 'shop', ''];
  const usable: boolean[] = [];
  for (const folder of folders) usable.push(await isUsable(folder, says));
  expect(usable).toEqual(folders.map(() => true));
});

test('a tool that names another folder than before is another one, in whatever folder it is used [MCP-2]', async () => {
  expect(await isUsable('shop', () => `Reads ${home()}/notes.`)).toBe(true);
  for (const folder of ['shop', '', 'other'])
    expect(await isUsable(folder, () => `Reads ${home()}/keys.`)).toBe(false);
  expect(await isUsable('other', () => `Reads ${home()}/notes.`)).toBe(true);
});
