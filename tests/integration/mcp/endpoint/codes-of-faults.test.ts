import { afterEach, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { isJsonObject } from '../../../../middleware/kernel/json-object.ts';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';
import { bareFixture } from '../../../support/mcp/pool-place.ts';

let place: GatewayPlace;
afterEach(() => place.close());

/** The error that a request is answered with, as it comes: the SDK makes one of its own of some. */
async function faultOf({ transport }: Client, ask: () => Promise<unknown>): Promise<unknown> {
  const errors: unknown[] = [];
  const onmessage = transport?.onmessage;
  if (transport !== undefined)
    transport.onmessage = (message, extra) => {
      if (isJsonObject(message) && 'error' in message) errors.push(message.error);
      onmessage?.(message, extra);
    };
  await expect(ask()).rejects.toThrow();
  if (transport !== undefined && onmessage !== undefined) transport.onmessage = onmessage;
  return errors[0];
}

const told = 'resources/list and resources/templates/list tell which there are';
const gone = (uri: string, words = ''): string =>
  `MCP server "one" has no resource "${uri}"${words}; ${told}`;
const lost = {
  message: gone('note://lost', ': it is lost'),
  data: { uri: 'note://lost', why: 'who knows' },
};
const bare = { message: gone('note://bare', ': there is none'), data: { uri: 'note://bare' } };
const fresh = { message: gone('note://new', ': there is none'), data: { uri: 'note://new' } };
const older = { message: gone('note://older'), data: { uri: 'note://older' } };
const wrong = { code: -32_602, message: 'it is not so', data: { why: 'who knows' } };
const nowhere = {
  message: `No MCP server has told of a resource "other://x"; ${told}`,
  data: { uri: 'other://x' },
};

/** A resource that is not there, asked for by a client of the older protocol without a session. */
async function faultWithoutSession(uri: string): Promise<unknown> {
  const answer = await fetch(`${place.middleware.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'resources/read', params: { uri } }),
  });
  const text = await answer.text();
  const message: unknown = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
  expect(message).toMatchObject({ id: 7 });
  return isJsonObject(message) ? message['error'] : undefined;
}

test.each([
  ['legacy', -32_002],
  ['modern', -32_602],
] as const)(
  'that a resource is not there is told to a %s client with the code of its protocol, and what else its server said [MCP-2]',
  async (era, code) => {
    place = await gatewayPlace({ one: bareFixture() });
    const client = await place.client(era);
    const read = (uri: string): Promise<unknown> => faultOf(client, () => client.readResource({ uri }));
    expect(await read('note://lost')).toEqual({ code, ...lost });
    expect(await read('note://bare')).toEqual({ code, ...bare });
    expect(await read('note://new')).toEqual({ code, ...fresh });
    expect(await read('note://older')).toEqual({ code, ...older });
    expect(await read('note://wrong')).toEqual(wrong);
    expect(await read('other://x')).toEqual({ code, ...nowhere });
  },
);

test('that a resource is not there is told to a client of the older protocol without a session in the same way [MCP-2]', async () => {
  place = await gatewayPlace({ one: bareFixture() });
  expect(await faultWithoutSession('note://lost')).toEqual({ code: -32_002, ...lost });
  expect(await faultWithoutSession('note://new')).toEqual({ code: -32_002, ...fresh });
  expect(await faultWithoutSession('note://wrong')).toEqual(wrong);
  expect(await faultWithoutSession('other://x')).toEqual({ code: -32_002, ...nowhere });
});

test('a client of the older protocol that asks to hear of a resource which is not there is told so, and keeps the codes of other servers [MCP-2]', async () => {
  place = await gatewayPlace({ one: bareFixture() });
  const client = await place.client('legacy');
  expect(await faultOf(client, () => client.subscribeResource({ uri: 'other://x' }))).toEqual({
    code: -32_002,
    ...nowhere,
  });
  expect(await faultOf(client, () => client.subscribeResource({ uri: 'note://lost' }))).toEqual({
    code: -32_002,
    ...lost,
  });
  const call = (): Promise<unknown> => client.callTool({ name: 'one__lose', arguments: {} });
  expect(await faultOf(client, call)).toEqual({
    ...{ code: -32_002, message: 'it is lost' },
    data: lost.data,
  });
});
