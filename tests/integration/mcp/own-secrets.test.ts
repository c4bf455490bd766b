import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { poolPlace } from '../../support/mcp/pool-place.ts';

const auth = 'qwertyuiopasdfghjkl123456';
const key = 'zxcvbnm-asdfghjkl-qwertyui';

const place = poolPlace();
const server = createServer((request, response) => {
  const { authorization, 'x-key': given } = request.headers;
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
      response.writeHead(500).end(`no such token: ${token}, nor ${String(given)}`);
    })
    .catch(() => response.destroy());
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await place.close();
});

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
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
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
