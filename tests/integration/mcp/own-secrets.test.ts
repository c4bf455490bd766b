import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { fixture, poolPlace } from '../../support/mcp/pool-place.ts';

const auth = 'qwertyuiopasdfghjkl123456';
const key = 'zxcvbnm-asdfghjkl-qwertyui';

const serverInfo = { name: 'telling', version: '1' };
const tools = [{ name: 'echo', inputSchema: { type: 'object' } }];
const texts = (text: string) => [{ type: 'text', text }];
/** What calls are answered with at an address, of what the server was given. */
const answers: Readonly<Record<string, (said: string) => object>> = {
  '/refuses': (said) => ({ error: { code: -32_602, message: `bad: ${said}`, data: { said } } }),
  '/fails': (said) => ({ result: { isError: true, content: texts(`bad: ${said}`) } }),
  '/tells': (said) => ({ result: { content: texts(`good: ${said}`), structuredContent: { said } } }),
};

const place = poolPlace();
const server = createServer((request, response) => {
  const { authorization, 'x-key': given } = request.headers;
  const { url = '' } = request;
  json(request)
    .then((body) => {
      const { id, method } = body as JsonObject;
      // It is of the older kind.
      if (method === 'server/discover') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }));
        return;
      }
      const token = String(authorization).split(' ').pop();
      const said = `${token} ${String(given)} ${String(request.headers['x-project'])}`;
      const answer = answers[url]?.(said);
      if (answer !== undefined) {
        const started = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
        const usual: JsonObject = { initialize: started, 'tools/list': { tools } };
        const result = usual[String(method)];
        const told = result === undefined ? answer : { result };
        if (id === undefined) response.writeHead(202).end();
        else {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ jsonrpc: '2.0', id, ...told }));
        }
        return;
      }
      response.writeHead(500).end(`no such token: ${token}, nor ${String(given)}`);
    })
    .catch(() => response.destroy());
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await place.close();
});

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function saidAt(entry: JsonObject): Promise<string> {
  const project = place.project({ one: entry });
  const failure: unknown = await place.call(project, 'echo').catch((error: unknown) => error);
  return JSON.stringify([
    String(failure),
    place.servers.stateOf('one', project)?.lastError,
    place.lines.map((line) => ({ ...line })),
  ]);
}

test('what a server is given to prove itself with is told to nobody when it fails [MCP-5] [SEC-3]', async () => {
  const url = `${origin()}/mcp`;
  const ofEntry = await saidAt({ url, auth, headers: { 'X-Key': key } });
  expect(ofEntry).toContain('no such token: [redacted:key], nor [redacted:key]');
  const ofHelper = await saidAt({ url, headersHelper: `echo '{"x-key": "${key}"}'` });
  expect(ofHelper).toContain('nor [redacted:key]');
  const script = 'console.error(`bad key ${process.env.KEY}`); process.exit(1)';
  const ofProgram = await saidAt({ command: process.execPath, args: ['-e', script], env: { KEY: key } });
  expect(ofProgram).toContain('bad key [redacted:key]');
  for (const said of [ofEntry, ofHelper, ofProgram]) {
    expect(said).not.toContain(auth);
    expect(said).not.toContain(key);
  }
});

const plain = 'my-first-project';

test.each([
  ['refuses', '[redacted:key] [redacted:key] [redacted:key]'],
  ['fails', '[redacted:key] [redacted:key] [redacted:key]'],
  // What a result is about may be what stands in a header that is no credential.
  ['tells', `[redacted:key] [redacted:key] ${plain}`],
])(
  'a server that %s tells nobody what it was given to prove itself with [MCP-5] [SEC-3]',
  async (path, said) => {
    const url = `${origin()}/${path}`;
    const headers = { 'X-Key': key, 'X-Project': plain };
    const ofEntry = place.project({ one: { url, auth, headers } });
    expect(await place.call(ofEntry, 'echo')).toContain(said);
    const { signal } = new AbortController();
    const ofClient = place.servers.use(
      {
        ...{ server: 'one', what: 'a tool', signal },
        work: ({ forward }, until) =>
          forward(
            'tools/call',
            { name: 'echo' },
            {
              ...{ client: 'a', abilities: {}, logLevel: undefined, signal: until },
              onLog: () => undefined,
            },
          ),
      },
      { project: ofEntry, conversation: 'c' },
    );
    // All that an error says.
    const told = await ofClient.then(JSON.stringify, (error: unknown) => inspect(error, { depth: 9 }));
    expect(told).toContain(said);
    expect(told).not.toContain(auth);
    expect(told).not.toContain(key);
    const helper = `echo '{"x-key": "${key}", "authorization": "Bearer ${auth}", "x-project": "${plain}"}'`;
    const ofHelper = place.project({ one: { url, headersHelper: helper } });
    expect(await place.call(ofHelper, 'echo')).toContain(said);
  },
);

test('a program tells nobody the credentials of its environment, and all else of it [MCP-5] [SEC-3]', async () => {
  const env = { ECHO_TOKEN: key, ECHO_FOLDER: '/srv/data/files' };
  const project = place.project({ two: fixture('good', { env }) });
  const text = `${key} in /srv/data/files`;
  expect(await place.call(project, 'echo', { text }, { server: 'two' })).toBe(
    '[redacted:key] in /srv/data/files',
  );
});
