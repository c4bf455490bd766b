import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport, type ClientOptions } from '@modelcontextprotocol/client';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { composeMiddleware, type ComposedMiddleware } from '../compose-middleware.ts';

export type Era = 'legacy' | 'modern';

/** The middleware for a home folder with servers, and the official client at its `/mcp`. */
export interface GatewayPlace {
  readonly home: string;
  readonly middleware: ComposedMiddleware;
  /** A connected client, which is closed with the place. */
  readonly client: (era: Era, of?: ClientParts) => Promise<Client>;
  readonly close: () => Promise<void>;
}

export interface ClientParts {
  readonly options?: ClientOptions;
  readonly headers?: Readonly<Record<string, string>>;
  /** Behind the path. */
  readonly query?: string;
  /** Sets what has to be there before it connects. */
  readonly prepare?: (client: Client) => void;
}

interface PlaceOptions {
  readonly settings?: JsonObject;
  readonly env?: Readonly<Record<string, string>>;
}

/** The servers are the user's, by their names. */
export async function gatewayPlace(
  servers: Readonly<Record<string, JsonObject>>,
  { settings = {}, env = {} }: PlaceOptions = {},
): Promise<GatewayPlace> {
  const home = mkdtempSync(join(tmpdir(), 'gateway-'));
  mkdirSync(join(home, '.claude'));
  writeFileSync(join(home, '.claude.json'), JSON.stringify({ mcpServers: servers }));
  writeFileSync(join(home, '.claude', 'settings.json'), JSON.stringify(settings));
  const middleware = await composeMiddleware(
    undefined,
    { PATH: process.env['PATH'] ?? '', CODEX_PLUS_STATE_DIR: join(home, 'state'), ...env },
    home,
  );
  const clients: Client[] = [];
  return {
    ...{ home, middleware },
    client: async (era, { options = {}, headers = {}, query = '', prepare } = {}) => {
      const mode = era === 'modern' ? { pin: '2026-07-28' } : 'legacy';
      const client = new Client(
        { name: 'test', version: '1.0.0' },
        { versionNegotiation: { mode }, ...options },
      );
      prepare?.(client);
      const url = new URL(`${middleware.url}/mcp${query}`);
      await client.connect(
        new StreamableHTTPClientTransport(url, { requestInit: { headers: { ...headers } } }),
      );
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await middleware.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
