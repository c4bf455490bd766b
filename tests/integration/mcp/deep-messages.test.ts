import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { withinBounds } from '../../../middleware/features/mcp/transport/within-bounds.ts';
import { fixture, poolPlace, scriptedFixture, type PoolPlace } from '../../support/mcp/pool-place.ts';

let place: PoolPlace | undefined;
let server: Server | undefined;
afterEach(async () => {
  await place?.close();
  server?.close();
  [place, server] = [undefined, undefined];
});

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const stray = (levels: number): string =>
  `{"jsonrpc":"2.0","id":"nope","result":{"a":${deep(levels)}},"x":${deep(levels)}}`;
const scripted = (folder: string, levels: number): ReturnType<typeof scriptedFixture> =>
  scriptedFixture(folder, {
    'tools/call': {
      content: [{ type: 'text', text: 'up', _meta: { a: JSON.parse(deep(levels)) as unknown } }],
    },
  });

describe('a process that writes what is nested too deep', () => {
  test.each([
    ['an answer to nothing', stray(5_000)],
    ['an answer to nothing, beside its result', `{"jsonrpc":"2.0","id":"a","result":{},"x":${deep(5_000)}}`],
    ['an id', `{"jsonrpc":"2.0","id":${deep(5_000)},"result":{}}`],
    [
      'a log',
      `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":${deep(5_000)}}}`,
    ],
    [
      'progress',
      `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"a","progress":1,"a":${deep(5_000)}}}`,
    ],
    ['a request', `{"jsonrpc":"2.0","id":"a","method":"ping","params":{"a":${deep(5_000)}}}`],
  ])('in %s is read past it [MCP-5]', async (_, line) => {
    place = poolPlace();
    const project = place.project({ one: fixture('old') });
    expect(await place.call(project, 'flood-with', { line, count: 1 })).toBe('flooded');
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
    expect(place.starts()).toHaveLength(1);
  });

  test.each([150, 1_500])('in an answer of %i levels is told, and goes on [MCP-5]', async (levels) => {
    place = poolPlace();
    const project = place.project({ one: scripted(place.folder, levels) });
    expect(await place.call(project, 'any')).toContain(
      'answered has more than 100 levels of nesting and was left out',
    );
    expect(place.servers.stateOf('one', project)?.state).toBe('running');
  });
});

/** What is read of a server that answers with it. */
async function read(type: string, written: string): Promise<string> {
  server = createServer((_request, response) => {
    response.setHeader('content-type', type);
    response.end(written);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await withinBounds(fetch, { now: () => 0, onCut: () => undefined })(
    `http://127.0.0.1:${port}/`,
  );
  return await answer.text();
}

test.each([500, 50_000])('what is nested %i levels deep is not read of a URL [MCP-5]', async (levels) => {
  const said = await read('application/json', stray(levels));
  expect(said).toContain(
    '"id":"nope","error":{"code":-32603,"message":"what the MCP server answered has more than',
  );
  server?.close();
  expect(await read('text/event-stream', `data: [${deep(levels)}]\n\ndata: {"a":1}\n\n`)).toBe(
    'data: {"a":1}\n\n',
  );
  server?.close();
  await expect(read('application/json', `{"a":${deep(levels)}}`)).rejects.toThrow('more in it than is read');
});
