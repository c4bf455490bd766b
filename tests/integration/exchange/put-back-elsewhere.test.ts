import { describe, expect, test } from '@jest/globals';
import { callCases, callClients, type CallClient } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

async function servers(): Promise<void> {
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
}

/** Says a few words, always the same, which the model answers by a call with its own input, and always the same words. */
async function begin(client: CallClient, stream: boolean, input: string): Promise<void> {
  const from = bench.upstream.requests.length;
  bench.upstream.use((_seen, index) => ({
    kind: 'answer',
    items: index === from ? [call('mcp__one__echo', `c-${input}`, { text: input })] : [text('Done.')],
    turn: index,
  }));
  const said = await client.tell([['user', 'count']], stream);
  expect(said.spoken).toEqual([['text', 'Done.']]);
}

/** The outputs that the model got with a client's next turn. */
async function outputsOf(client: CallClient, stream: boolean): Promise<readonly unknown[]> {
  await client.tell([['user', 'and now?']], stream);
  return bench.sent(-1).flatMap(([kind, , output]) => (kind === 'output' ? [output] : []));
}

function clientWith(which: number, headers: Readonly<Record<string, string>>): CallClient {
  const all = { 'x-codex-plus-workspace': bench.workspace, ...headers };
  const create = callClients(bench.middleware.url, all)[which];
  if (create === undefined) throw new Error('there is no such client');
  return create();
}

function withKey(which: number, key: string): CallClient {
  return clientWith(which, { authorization: `Bearer ${key}`, 'x-api-key': key });
}

describe.each(callCases)(
  '%s (client %i, streamed: %s): two conversations with the same words',
  (api, which, stream) => {
    test('have the outputs of the newest, or by the ids that their client has, each its own [MCP-2]', async () => {
      await servers();
      const [first, second] = [bench.client(which), bench.client(which)];
      await begin(first, stream, 'first');
      await begin(second, stream, 'second');
      expect(await outputsOf(second, stream)).toEqual(['second']);
      expect(await outputsOf(first, stream)).toEqual([api === 'responses' ? 'first' : 'second']);
    });

    test('share nothing where their clients have different keys [MCP-2] [SEC-4]', async () => {
      await servers();
      const [ada, bob] = [withKey(which, 'sk-ada-0123456789'), withKey(which, 'sk-bob-0123456789')];
      await begin(ada, stream, 'of-ada');
      await begin(bob, stream, 'of-bob');
      expect(await outputsOf(ada, stream)).toEqual(['of-ada']);
      expect(await outputsOf(bob, stream)).toEqual(['of-bob']);
    });

    test.each([
      ['unnamed', {}],
      ['named', { 'x-codex-plus-session': 'main' }],
    ])('have nothing of another API, %s [MCP-2]', async (_, headers) => {
      await servers();
      const clients = [0, 1, 2].map((one) => clientWith(one, headers));
      for (const client of clients) await begin(client, stream, client.api);
      const client = clients[which];
      if (client === undefined) throw new Error('there is no such client');
      expect(await outputsOf(client, stream)).toEqual([api]);
      expect(bench.upstream.violations).toEqual([]);
    });
  },
);
