import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';

let place: PoolPlace;
afterEach(() => place.close());

describe.each([
  ['good', /roots\/list.* client capabilities do not declare/],
  ['old', /^Method not found$/],
])('a server of the kind %s that asks which folder it works for', (behaviour, none) => {
  test('is told that of the project [MCP-1]', async () => {
    place = poolPlace();
    const roots = await place.call(place.project({ one: fixture(behaviour) }), 'roots');
    expect(JSON.parse(roots)).toEqual([
      { uri: pathToFileURL(place.folder).href, name: basename(place.folder) },
    ]);
  });

  test('is told of none where it serves all projects [MCP-1]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture(behaviour, { cwd: '/' }) });
    expect(await place.call(project, 'roots').catch(String)).toMatch(none);
  });
});
