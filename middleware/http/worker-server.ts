import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ownedApi, pathBelowRoot, withoutLastSlash } from '../protocol/api-path.ts';
import { asCodexPlusError, CodexPlusError } from '../kernel/errors.ts';
import { codexCatalog, type CatalogModel } from '../protocol/codex/model-catalog.ts';
import { sendError } from './send-error.ts';
import type { ExchangeLane } from './serve-exchange.ts';

/** Where the workers of Codex call models: on loopback, on a port of its own, past the walk that their caller went. */
export interface WorkerServer {
  /** Its address with `/v1`; it listens from the first time on. */
  readonly url: () => Promise<string>;
  readonly close: () => Promise<void>;
}

interface WorkerServerOptions {
  /** It knows who may call. */
  readonly lane: ExchangeLane;
  /** No secret. */
  readonly models: () => Promise<readonly CatalogModel[]>;
  /** Whether Codex is to offer its models the tool that changes files. */
  readonly canPatch: boolean;
}

/** A server for model calls, and the list of models. */
export function createWorkerServer({ lane, models, canPatch }: WorkerServerOptions): WorkerServer {
  let listening: Promise<{ readonly server: Server; readonly url: string }> | undefined;
  const sendModels = async (res: ServerResponse): Promise<void> => {
    const body = JSON.stringify(codexCatalog(await models(), canPatch));
    res.setHeader('content-type', 'application/json');
    res.end(body);
  };
  const listen = async (): Promise<{ readonly server: Server; readonly url: string }> => {
    const server = createServer((req, res) => {
      const path = pathBelowRoot(req.url ?? '/');
      const api = req.method === 'POST' ? ownedApi(path) : undefined;
      const id = randomUUID();
      const refuse = (fault: unknown): void => {
        sendError(req, res, asCodexPlusError(fault), id);
      };
      if (req.method === 'GET' && path.startsWith('/models')) sendModels(res).catch(refuse);
      else if (api === undefined)
        refuse(new CodexPlusError('invalid_path', 'only model calls are answered here'));
      else lane(req, res, { id, api, path: withoutLastSlash(path) }).catch(refuse);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { server, url: `http://127.0.0.1:${port}/v1` };
  };
  return {
    url: async () => {
      listening ??= listen();
      return (await listening).url;
    },
    close: async () => {
      if (listening === undefined) return;
      const { server } = await listening;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
