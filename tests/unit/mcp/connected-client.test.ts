import type { Client } from '@modelcontextprotocol/client';
import { expect, test } from '@jest/globals';
import { CallersUnderWay } from '../../../middleware/features/mcp/client/callers-under-way.ts';
import { connectedClient } from '../../../middleware/features/mcp/client/connected-client.ts';

test('an older server is told again from which level on to log, until it takes it [MCP-2]', async () => {
  const asked: string[] = [];
  const client = {
    getProtocolEra: () => 'legacy',
    getInstructions: () => undefined,
    getServerCapabilities: () => ({ logging: {} }),
    request: ({ method }: { readonly method: string }) => {
      asked.push(method);
      return asked.length === 1 ? Promise.reject(new Error('not now')) : Promise.resolve({});
    },
  } as unknown as Client;
  const none = () => Promise.resolve([]);
  const { forward } = connectedClient({
    ...{ client, callMs: 1_000, isRemote: false, closed: new Promise(() => undefined), unseenAbilities: {} },
    callers: new CallersUnderWay(() => 0),
    lists: { tools: none, recentTools: none, prompts: none, resources: none, templates: none },
  });
  const { signal } = new AbortController();
  for (let at = 0; at < 3; at += 1)
    await forward(
      'resources/read',
      { uri: 'a://b' },
      { client: 'one', abilities: {}, logLevel: 'info', onLog: () => undefined, signal },
    );
  const [level, read] = ['logging/setLevel', 'resources/read'];
  expect(asked).toEqual([level, read, level, read, read]);
});
