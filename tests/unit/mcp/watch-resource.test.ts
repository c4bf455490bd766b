import { afterEach, expect, jest, test } from '@jest/globals';
import type { Connection } from '../../../middleware/features/mcp/connection.ts';
import { hearServers, watchResource } from '../../../middleware/features/mcp/gateway/gateway-events.ts';
import type { McpServers } from '../../../middleware/features/mcp/mcp-servers.ts';

afterEach(() => {
  jest.useRealTimers();
});

test('a server that may not be used any more is not kept running by who watches its resources [MCP-2] [SEC-1]', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  const watching: string[] = [];
  const connection: Pick<Connection, 'watchResource'> = {
    watchResource: (uri, signal, onBegun) => {
      watching.push(uri);
      onBegun();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          watching.pop();
          reject(new Error('given up'));
        });
      });
    },
  };
  let usable: readonly string[] = ['one'];
  const servers = {
    use: ({ work, signal }: Parameters<McpServers['use']>[0]) =>
      work(connection as never, signal, {} as never),
    usable: () => Promise.resolve(usable),
    current: (now: unknown) => now,
    heed: () => () => undefined,
  };
  const project = { workspace: '/w', settings: {}, mcpServers: new Map([['one', {}]]) };
  const over = new AbortController();
  const found = await watchResource(
    'codex-plus:one:note://plan',
    {
      client: {
        place: { project, conversation: 'c' },
        guard: { isDenied: () => false },
        abilities: {},
      } as never,
      signal: over.signal,
    },
    { servers, lists: { servers } } as never,
  );
  expect(found).toEqual({ server: 'one', uri: 'note://plan' });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(watching).toEqual(['note://plan']);
  usable = [];
  await jest.advanceTimersByTimeAsync(30_000);
  expect(watching).toEqual([]);
  over.abort();
  await jest.advanceTimersByTimeAsync(30_000);
  expect(jest.getTimerCount()).toBe(0);
});

test('a server that rules keep from a client altogether has no news for it [MCP-2] [SEC-1]', () => {
  const heard: string[] = [];
  const listen: McpServers['listen'] = (name, _, listener) => {
    heard.push(name);
    listener({ kind: 'changed', what: 'tools' });
    return () => undefined;
  };
  const told: string[] = [];
  hearServers(
    {
      place: {
        project: {
          mcpServers: new Map([
            ['one', {}],
            ['kept', {}],
          ]),
        },
        conversation: 'c',
      },
      guard: { isDenied: (server: string) => server === 'kept' },
      abilities: {},
    } as never,
    {
      onChanged: (what) => {
        told.push(what);
      },
      onUpdated: () => undefined,
    },
    { listen },
  );
  expect([heard, told]).toEqual([['one'], ['tools']]);
});
