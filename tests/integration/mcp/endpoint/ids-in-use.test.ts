import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { parseJsonObject } from '../../../../middleware/kernel/json-object.ts';
import { fixture } from '../../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';
import { until } from '../../../support/until.ts';

let place: GatewayPlace;
let session: Readonly<Record<string, string>>;
afterEach(() => place.close());

function post(message: unknown): Promise<Response> {
  return fetch(`${place.middleware.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...session,
    },
    body: JSON.stringify(message),
  });
}

const request = (id: number, method: string, params: object = {}) => ({ jsonrpc: '2.0', id, method, params });
const wait = (id: number, file: string) =>
  request(id, 'tools/call', { name: 'one__wait', arguments: { file } });
const read = async (answer: Response) => {
  const said = await answer.text();
  return parseJsonObject(said.slice(said.indexOf('{')));
};

async function begin(): Promise<void> {
  place = await gatewayPlace({ one: fixture() });
  session = {};
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  const begun = await post(request(0, 'initialize', params));
  await begun.text();
  session = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
}

test('a request of a session at /mcp with the id of one that has no answer yet is refused, and the first is answered [MCP-3]', async () => {
  await begin();
  const file = join(place.home, 'over');
  const first = await post(wait(7, file));
  await until(() => existsSync(`${file}-awaited`));
  for (const refused of [
    request(7, 'ping'),
    [request(8, 'ping'), request(7, 'ping')],
    [request(9, 'ping'), request(9, 'ping')],
  ]) {
    const answer = await post(refused);
    expect(answer.status).toBe(400);
    expect(await read(answer)).toMatchObject({
      id: Array.isArray(refused) ? null : 7,
      error: { code: -32_600 },
    });
  }
  // What was refused took no id.
  expect(await read(await post(request(8, 'ping')))).toEqual({ jsonrpc: '2.0', id: 8, result: {} });
  writeFileSync(file, '');
  expect(await read(first)).toMatchObject({ id: 7, result: { content: [{ type: 'text' }] } });
  expect(await read(await post(request(7, 'ping')))).toEqual({ jsonrpc: '2.0', id: 7, result: {} });
});

test('a request of a session at /mcp may have the id of one that its client gave up [MCP-3]', async () => {
  await begin();
  const file = join(place.home, 'never');
  const first = await post(wait(7, file));
  await until(() => existsSync(`${file}-awaited`));
  await post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } });
  expect(await read(await post(request(7, 'ping')))).toEqual({ jsonrpc: '2.0', id: 7, result: {} });
  await first.body?.cancel();
});
