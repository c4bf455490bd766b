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

const lost = { message: 'it is lost', data: { uri: 'note://lost', why: 'who knows' } };
const bare = { message: 'there is none', data: { uri: 'note://bare' } };
const fresh = { message: 'there is none', data: { uri: 'note://new' } };
const wrong = { code: -32_602, message: 'it is not so', data: { why: 'who knows' } };
const nowhere = { message: 'Resource other://x not found', data: { uri: 'other://x' } };

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
    expect(await read('note://wrong')).toEqual(wrong);
    expect(await read('other://x')).toEqual({ code, ...nowhere });
  },
);

test('a client of the older protocol that asks to hear of a resource which is not there is told so, and keeps the codes of other servers [MCP-2]', async () => {
  place = await gatewayPlace({ one: bareFixture() });
  const client = await place.client('legacy');
  expect(await faultOf(client, () => client.subscribeResource({ uri: 'other://x' }))).toEqual({
    code: -32_002,
    ...nowhere,
  });
  const call = (): Promise<unknown> => client.callTool({ name: 'one__lose', arguments: {} });
  expect(await faultOf(client, call)).toEqual({ code: -32_002, ...lost });
});
