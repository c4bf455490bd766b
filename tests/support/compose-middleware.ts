import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import type { RequestHandler } from '../../middleware/http/request-handler.ts';
import { createHttpServer } from '../../middleware/http/server.ts';
import { compose } from '../../middleware/compose.ts';
import { readApiService } from '../../middleware/platform/config/api/api-service.ts';
import { loadConfig } from '../../middleware/platform/config/load-config.ts';
import { createKnownKeyRemover } from '../../middleware/platform/secrets/upstream-words.ts';
import { createLog } from '../../middleware/platform/telemetry/log.ts';
import type { LitellmTier } from '../../middleware/upstreams/litellm/litellm-tier.ts';
import type { LitellmStatus } from '../../middleware/upstreams/litellm/tier.ts';
import { readVersion } from '../../middleware/platform/release/read-version.ts';
import { testNow } from './test-clock.ts';

export const rootDir = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The middleware in this process, on a real socket, with a LiteLLM tier that the test points somewhere. */
export interface ComposedMiddleware {
  readonly port: number;
  readonly url: string;
  /** The log lines so far, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Points the LiteLLM tier elsewhere; `undefined`: not ready. */
  readonly setLitellm: (url: string | undefined) => void;
  /** What the LiteLLM tier tells of its models. */
  readonly setModels: (told: ToldModels) => void;
  readonly drain: (deadlineMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

type ToldModels = Pick<LitellmStatus, 'models' | 'missingKeys'>;

/** By which it is known to LiteLLM. */
export const masterKey = 'sk-test-master-0123456789abcdef';

interface ComposeMiddlewareOptions {
  /** How long a client may take nothing, where that is not as long as upstreams may be silent. */
  readonly clientIdleMs?: number;
  /** As `codex-plus api` has it: without the file, and with its variables. */
  readonly asApi?: boolean;
}

/**
 * Composes and starts it; `env` are the variables that the configuration is read from, the home is one that nobody has.
 */
export async function composeMiddleware(
  litellmUrl: string | undefined,
  env: Readonly<Record<string, string>> = {},
  homeDir = join(rootDir, '.state', 'tests', 'no-home'),
  { clientIdleMs, asApi = false }: ComposeMiddlewareOptions = {},
): Promise<ComposedMiddleware> {
  // Of its own: what LiteLLM told of its models is kept there, and the next test has another LiteLLM.
  const stateDir = join(tmpdir(), `codex-plus-state-${randomUUID()}`);
  const given = {
    ...{ CODEX_PLUS_LOG_FORMAT: 'json', CODEX_PLUS_LOG_LEVEL: 'debug', CODEX_PLUS_PORT: '0' },
    ...{ CODEX_PLUS_STATE_DIR: stateDir, ...env },
  };
  const service = asApi ? readApiService({ env: given, rootDir, cwd: stateDir }) : undefined;
  const config = loadConfig({
    ...{ rootDir, env: service?.env ?? given, isTerminal: false },
    ...(service && { given: service.given }),
  });
  const stream = new PassThrough();
  const lines: Readonly<Record<string, unknown>>[] = [];
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(JSON.parse(line) as Readonly<Record<string, unknown>>);
  });
  let url = litellmUrl;
  let models: ToldModels = { models: [] };
  const tier = steeredTier(
    () => url,
    () => models,
  );
  const log = {
    ...createLog({
      ...config.log,
      stream,
      clean: createKnownKeyRemover({ config, env, now: testNow }),
    }),
    // Tests look at a line as soon as it was told.
    infoSoon: undefined,
  };
  const { handler, close } = compose({
    ...{ config, env, log, homeDir },
    litellm: tier.tier,
    version: readVersion(rootDir),
    now: testNow,
    ...(service && { settingsPlace: service.given.place, keyless: 'guest' as const }),
  });
  const server = createHttpServer(
    'mountsInExpress' in globalThis ? mounted(handler) : handler,
    clientIdleMs ?? config.timeouts.idleMs,
  );
  const { port } = await server.listen(config.server.host, 0);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    lines,
    setLitellm: (next) => {
      url = next;
      tier.changed();
    },
    setModels: (told) => {
      models = told;
    },
    drain: (deadlineMs) => server.drain(deadlineMs),
    close: async () => {
      await server.drain(0);
      await close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** As an app of the user's would have it: see the project `mounted` in `jest.config.mjs`. */
function mounted(handler: RequestHandler): RequestHandler {
  const app = express();
  app.disable('x-powered-by');
  app.use((req, res) => {
    handler.handle(req, res);
  });
  return { ...handler, handle: app };
}

function steeredTier(
  url: () => string | undefined,
  models: () => ToldModels,
): { tier: LitellmTier; changed: () => void } {
  const listeners: Parameters<LitellmTier['onChange']>[0][] = [];
  const status = (): ReturnType<LitellmTier['status']> => {
    const base = { since: 0, ...models() };
    return url() === undefined
      ? { ...base, state: 'starting', reason: 'the test says so' }
      : { ...base, state: 'ready' };
  };
  return {
    tier: {
      start: () => undefined,
      stop: () => Promise.resolve(),
      status,
      target: () => {
        const target = url();
        return target === undefined ? undefined : { url: target, masterKey };
      },
      missingKey: (model) => models().missingKeys?.[model],
      onChange: (listener) => {
        listeners.push(listener);
      },
    },
    changed: () => {
      for (const listener of listeners) listener(status());
    },
  };
}
