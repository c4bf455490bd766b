import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { text } from '../../support/checked-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { callRaw } from '../../support/raw-client.ts';
import { lookedAgain } from '../../support/test-clock.ts';
import { until } from '../../support/until.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
let failing: Server;

beforeAll(async () => {
  failing = createServer((_, res) => void res.writeHead(500).end());
  await new Promise<void>((resolve) => {
    failing.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => {
  failing.close();
});
beforeEach(() => {
  bench.answers([text('hello')]);
});

async function servers(entries: Readonly<Record<string, object>>): Promise<void> {
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: entries }));
}

interface Wire {
  readonly path: string;
  readonly agent: string;
  readonly sign: string;
  /** How a client of it says something in a conversation. */
  readonly body: (messages: readonly object[]) => object;
}

const schema = { type: 'object', properties: {} };
const codex: Wire = {
  ...{ path: '/v1/responses', agent: 'codex_cli_rs/0.169.0', sign: '$' },
  body: (input) => ({ input, tools: [{ type: 'function', name: 'look', parameters: schema }] }),
};
const [claude, sign] = ['claude-cli/2.1.329 (external, cli)', '/'];
const wires: readonly Wire[] = [
  codex,
  {
    ...{ path: '/v1/chat/completions', agent: claude, sign },
    body: (messages) => ({
      messages,
      tools: [{ type: 'function', function: { name: 'look', parameters: schema } }],
    }),
  },
  {
    ...{ path: '/v1/messages', agent: claude, sign },
    body: (messages) => ({ messages, max_tokens: 100, tools: [{ name: 'look', input_schema: schema }] }),
  },
];

/** What a client reads of the answer to the newest of these messages of the user. */
async function turn(
  { path, agent, body }: Wire,
  said: readonly string[],
  { session = 'a', more = {} }: { readonly session?: string; readonly more?: object } = {},
): Promise<string> {
  const messages = said.flatMap((content, at) => [
    ...(at === 0 ? [] : [{ role: 'assistant', content: 'hello' }]),
    { role: 'user', content },
  ]);
  const answer = await callRaw(bench.middleware.port, {
    path,
    headers: [
      ...['user-agent', agent, 'content-type', 'application/json'],
      ...['x-codex-plus-workspace', bench.workspace, 'x-codex-plus-session', session],
    ],
    body: JSON.stringify({ model: 'm', ...body(messages), ...more }),
  });
  expect(answer.status).toBe(200);
  return answer.body.toString();
}

/** As it stands in JSON. */
const written = (note: string): string => JSON.stringify(note).slice(1, -1);

const cases = wires.flatMap((wire) => [true, false].map((stream) => [wire.path, stream, wire] as const));

describe.each(cases)('at %s (streamed: %s) a server of the user', (_, stream, wire) => {
  const kinds: readonly (readonly [string, () => object, string])[] = [
    ['whose program is not there', () => ({ command: '/no/such/bin' }), 'there is no program /no/such/bin'],
    ['that ends as it starts', () => fixture('end-at-start'), 'no licence found'],
    [
      'that answers with an error of its own',
      () => ({ type: 'http', url: `http://127.0.0.1:${(failing.address() as AddressInfo).port}/mcp` }),
      'Error POSTing to endpoint',
    ],
  ];
  test.each(kinds)(
    '%s is told once a conversation, to the user alone, with why and what to do [MCP-1]',
    async (_kind, entry, reason) => {
      await servers({ good: fixture(), bad: entry() });
      const more = { stream };
      const answer = await turn(wire, ['hello'], { more });
      expect(answer).toContain(written('Tools are missing: `MCP server "bad" could not be started: '));
      expect(answer).toContain(reason);
      expect(answer).toContain(`. \`${wire.sign}mcp bad\` tries it again.`);
      expect(answer).not.toContain(written('MCP server "good"'));
      expect(await turn(wire, ['hello', 'and now?'], { more })).not.toContain('Tools are missing');
      expect(await turn(wire, ['hello'], { session: 'b', more })).toContain('Tools are missing');
      expect(bench.upstream.requests).toHaveLength(3);
      for (const { raw } of bench.upstream.requests) {
        expect(raw.toString()).toContain('mcp__good__echo');
        expect(raw.toString()).not.toContain('Tools are missing');
      }
    },
  );
});

describe('of a server that could not be started', () => {
  test.each([
    ['Responses', codex, { text: { format: { type: 'json_object' } } }],
    ['Chat Completions', wires[1] ?? codex, { response_format: { type: 'json_object' } }],
  ])(
    'an answer that is to be JSON says nothing (%s), and the next plain one does [MCP-1]',
    async (_, wire, more) => {
      await servers({ bad: { command: '/no/such/bin' } });
      expect(await turn(wire, ['hello'], { more })).not.toContain('Tools are missing');
      expect(await turn(wire, ['hello'])).toContain('Tools are missing');
    },
  );

  test('programs whose answers nobody may read are told nothing [MCP-1]', async () => {
    await servers({ bad: { command: '/no/such/bin' } });
    expect(await turn({ ...codex, agent: 'curl/8' }, ['hello'])).not.toContain('Tools are missing');
  });

  test('nothing is said where a rule keeps it away [MCP-1]', async () => {
    await servers({ bad: { command: '/no/such/bin' } });
    await turn({ ...codex, agent: 'curl/8' }, ['hello']);
    await bench.file('home/.claude/settings.json', JSON.stringify({ permissions: { deny: ['mcp__bad'] } }));
    lookedAgain();
    expect(await turn(codex, ['hello'], { session: 'b' })).not.toContain('Tools are missing');
  });

  test('nothing is waited for: one that is late is told with the turn after it failed [MCP-1]', async () => {
    await bench.restart({ CODEX_PLUS_MCP_WAIT_MS: '50' });
    const go = join(bench.folder, 'go');
    const script = `while [ ! -e '${go}' ]; do sleep 0.05; done; exit 3`;
    await servers({ late: { command: 'sh', args: ['-c', script] } });
    expect(await turn(codex, ['hello'])).not.toContain('Tools are missing');
    await bench.file('go', '');
    await until(() => JSON.stringify(bench.middleware.lines).includes('an MCP server failed'));
    expect(await turn(codex, ['hello', 'and now?'])).toContain(
      written('Tools are missing: `MCP server "late"'),
    );
  });

  test('another failure is told as well, and none of them twice [MCP-1]', async () => {
    await servers({ bad: { command: '/no/such/bin' } });
    expect(await turn(codex, ['hello'])).toContain('/no/such/bin');
    await servers({ bad: { command: '/nor/this' } });
    lookedAgain();
    expect(await turn(codex, ['hello', 'again'])).toContain('/nor/this');
    expect(await turn(codex, ['hello', 'again', 'and again'])).not.toContain('Tools are missing');
  });
});
