import type { CacheableRequestOptions, Client } from '@modelcontextprotocol/client';
import type { Connection, ListName } from '../connection.ts';
import { ListReader } from './list-reader.ts';

/** What a connection lists. */
export type Lists = Pick<Connection, 'tools' | 'recentTools' | 'prompts' | 'resources' | 'templates'>;

interface ListsOptions {
  /** How long a list is waited for. */
  readonly maxMs: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** Hears that a list was read. */
  readonly onRead: (what: ListName) => void;
}

/**
 * The lists of a server, each of which one at a time asks for; `changed`: the server says that one is another now. How long a
 * server says that a list is good counts for nothing: it could have what it changes unseen for a day.
 */
export function createLists(
  client: Client,
  { maxMs, now, onRead }: ListsOptions,
): { readonly lists: Lists; readonly changed: (what: ListName) => void } {
  const reader = <Item>(
    kind: ListName,
    ask: (options: CacheableRequestOptions) => Promise<readonly Item[]>,
    told = onRead,
  ): ListReader<Item> =>
    new ListReader<Item>({
      ...{ maxMs, now },
      onRead: () => {
        told(kind);
      },
      read: async (signal) =>
        client.getServerCapabilities()?.[kind] === undefined
          ? []
          : await ask({ timeout: maxMs, signal, cacheMode: 'bypass' }),
    });
  const tools = reader(
    'tools',
    // Asked for all the same, but kept for calls.
    async (options) => (await client.listTools(undefined, { ...options, cacheMode: 'refresh' })).tools,
  );
  const prompts = reader(
    'prompts',
    async (options) => (await client.listPrompts(undefined, options)).prompts,
  );
  const resources = reader(
    'resources',
    async (options) => (await client.listResources(undefined, options)).resources,
  );
  const templates = reader(
    'resources',
    async (options) => (await client.listResourceTemplates(undefined, options)).resourceTemplates,
    // Nobody keeps them.
    () => undefined,
  );
  return {
    lists: {
      tools: (signal) => tools.items(signal),
      recentTools: (signal) => tools.recent(signal),
      prompts: (signal) => prompts.items(signal),
      resources: (signal) => resources.items(signal),
      templates: (signal) => templates.items(signal),
    },
    changed: (what) => {
      for (const list of { tools: [tools], prompts: [prompts], resources: [resources, templates] }[what])
        list.changed();
    },
  };
}
