import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { callCases, type CallClient } from '../../support/call-clients.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { remoteFixture } from '../../support/mcp/remote-fixture.ts';
import { until } from '../../support/until.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const notUsed =
  'Done. The question of `mcp__one__ask-and-go-on` does not wait any more: its server does not wait for an answer any more. What you said to it was not used.';

/** Has a server that answers a call while its question is open, once it is released. */
async function use(over: 'stdio' | 'http'): Promise<() => void> {
  const remote = over === 'http' ? await remoteFixture('sessions') : undefined;
  if (remote !== undefined) ends.push(remote.close);
  const one = remote === undefined ? fixture('old') : { type: 'http', url: remote.url };
  const mcpServers = { one, two: fixture('good') };
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
  return () => {
    remote?.release();
    writeFileSync(fileOf('one'), '');
  };
}

function fileOf(server: string): string {
  return join(bench.folder, server);
}

async function tell(client: CallClient, words: string, stream = false): Promise<string> {
  const { spoken } = await client.tell([['user', words]], stream);
  return spoken.map(([, said]) => said).join(' ');
}

async function answered(): Promise<void> {
  await until(() =>
    bench.middleware.lines.some(({ tool, outcome }) => tool === 'ask-and-go-on' && outcome === 'ok'),
  );
}

function outputs(): readonly unknown[] {
  return bench.sent(-1).flatMap(([kind, , said]) => (kind === 'output' ? [said] : []));
}

const asking = (id: string): ReturnType<typeof call> =>
  call('mcp__one__ask-and-go-on', id, { file: fileOf('one') });

describe.each(['stdio', 'http'] as const)(
  'a server over %s that answers a call behind its question',
  (over) => {
    test.each([
      ['answers the question', 'Ada'],
      ['says what is no answer', '{"name": 1, "other": 2}'],
      ['cancels it', 'cancel'],
    ])('has its answer used where its user %s, who is told so [MCP-2]', async (_, words) => {
      const release = await use(over);
      const client = bench.client(0);
      bench.answers([asking('c1')], [text('Done.')]);
      expect(await tell(client, 'go')).toContain('asks:');
      release();
      await answered();
      expect(await tell(client, words)).toBe(notUsed);
      expect(outputs()).toEqual(['went on']);
      expect(JSON.stringify(bench.upstream.requests.at(-1)?.json)).not.toMatch(/Who\?|Ada|"other|cancel/);
    });

    test('has its answer used where its user calls a command, who is told so [MCP-2] [CMD-4]', async () => {
      const release = await use(over);
      const client = bench.client(0);
      bench.answers([asking('c1')], [text('Done.')]);
      await tell(client, 'go');
      release();
      await answered();
      expect(await tell(client, '/help')).toMatch(
        /^The question of `mcp__one__ask-and-go-on` does not wait any more:/,
      );
      expect(await tell(client, 'and now?')).toBe('Done.');
      expect(outputs()).toEqual(['went on']);
    });
  },
);

test('a server is told that its question ended with the call [MCP-2]', async () => {
  const release = await use('stdio');
  bench.answers([asking('c1')], [text('Done.')]);
  await tell(bench.client(0), 'go');
  release();
  const said = `${fileOf('one')}-said`;
  await until(() => existsSync(said));
  expect(readFileSync(said, 'utf8')).toContain('the request that it was asked for is over');
});

test('the model is not asked any more for a call that its server has answered [MCP-2] [PX-4]', async () => {
  const release = await use('stdio');
  await bench.restart({ CODEX_PLUS_MCP_SAMPLING: 'one' });
  const asks = call('mcp__one__ask-and-go-on', 'c1', { file: fileOf('one'), model: true });
  bench.answers([asks], { kind: 'hang' }, [text('Done.')]);
  const told = tell(bench.client(0), 'go');
  await until(() => bench.upstream.requests.length === 2);
  release();
  expect(await told).toBe('Done.');
  expect(outputs()).toEqual(['went on']);
  expect(await bench.upstream.requests[1]?.closed).toBe(true);
});

test.each(callCases)(
  'a call that is answered while others of its round run asks its user nothing, %s [%i], streamed: %s [MCP-2]',
  async (_, which, stream) => {
    const release = await use('stdio');
    const client = bench.client(which);
    bench.answers([asking('c1'), call('mcp__two__wait', 'c2', { file: fileOf('two') })], [text('Done.')]);
    const told = tell(client, 'go', stream);
    await until(() => existsSync(`${fileOf('one')}-awaited`) && existsSync(`${fileOf('two')}-awaited`));
    release();
    await answered();
    writeFileSync(fileOf('two'), '');
    expect(await told).toBe('Done.');
    expect(outputs()).toEqual(['went on', 'it came']);
  },
);
