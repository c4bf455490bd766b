import { homedir } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { catchUnexpected } from './catch-unexpected.ts';
import { compose } from './compose.ts';
import { checkApiPlace, missingPlaces } from './composition/check-api-place.ts';
import { closeAll } from './composition/close-all.ts';
import { createHttpServer } from './http/server.ts';
import { codeOf } from './kernel/errors.ts';
import type { Log } from './kernel/log.ts';
import { visibleText } from './kernel/visible-text.ts';
import { readApiService } from './platform/config/api/api-service.ts';
import { ConfigError } from './platform/config/config-error.ts';
import type { Config } from './platform/config/config.ts';
import { loadConfig } from './platform/config/load-config.ts';
import { closeInherited } from './platform/process/close-inherited.ts';
import { writeRunningFile } from './platform/store/running-file.ts';
import { findRoot } from './platform/release/find-root.ts';
import { isCodexPlus } from './platform/release/is-codex-plus.ts';
import { readVersion } from './platform/release/read-version.ts';
import { urlOf } from './platform/release/url-of.ts';
import { makeStateFolder } from './platform/store/make-state-folder.ts';
import { servedNames } from './protocol/app-server/served-models.ts';
import { createOwnLog } from './platform/secrets/own-log.ts';
import { logWarnings } from './platform/telemetry/log-warnings.ts';
import { createLitellmTier } from './upstreams/litellm/litellm-tier.ts';
import { howToConnect } from './how-to-connect.ts';

/** A second signal within this time is the same key press, sent to the whole process group. */
const sameSignalMs = 1_000;

// The C library has read it: it is for this process, and not for the programs that users have run here.
delete process.env['MALLOC_ARENA_MAX'];

const rootDir = findRoot(import.meta.dirname);
/** `codex-plus api` starts this with that word. */
const service =
  process.argv[2] === 'api' ? readApiService({ env: process.env, rootDir, cwd: process.cwd() }) : undefined;
const env = service?.env ?? process.env;

closeInherited(env['NODE_CHANNEL_FD']);

/** What a signal does: until there are parts to stop, nothing was begun. */
let end: (signal: NodeJS.Signals) => void = () => process.exit(0);
onSignals((signal) => {
  end(signal);
});

// A request brings much and leaves nothing, and V8 mistakes that twice. It counts bodies, which it does not hold
// itself, against the limit of its old generation, which stands little above what the libraries take. And it learns
// from bursts that what requests make lives long, and makes it in the old generation at once. Both end in one full
// collection after the other.
for (const flag of ['--heap-growing-percent=200', '--no-allocation-site-pretenuring'])
  setFlagsFromString(flag);

try {
  const config = loadConfig({
    ...{ rootDir, env, isTerminal: process.stdout.isTTY },
    ...(service && { given: service.given }),
  });
  const made = missingPlaces(config);
  makeStateFolder(config.stateDir);
  const log = createOwnLog(config, env);
  logWarnings(console, log);
  if (service !== undefined) await checkApiPlace(config, { env, log, made });
  for (const warning of service?.warnings ?? []) log.warn(warning);
  await run(config, log);
} catch (error) {
  // Before there is a log, people read this on a terminal or in a service's journal.
  console.error(error instanceof ConfigError ? visibleText(error.message) : error);
  process.exitCode = 1;
}

async function run(config: Config, log: Log): Promise<void> {
  const version = readVersion(rootDir);
  const litellm = createLitellmTier({ config: config.litellm, rootDir, env, log });
  const { handler, close } = compose({
    ...{ config, env, log, litellm, version },
    // Commands, hooks and servers of whoever starts the service are not for its callers.
    ...(service === undefined
      ? { homeDir: homedir() }
      : { homeDir: config.codex.home, keyless: 'guest' as const }),
    now: () => performance.now(),
    ...(service && { settingsPlace: service.given.place }),
  });
  const server = createHttpServer(handler, config.timeouts.idleMs);
  let stopping: Promise<void> | undefined;
  let tellNoMore = (): void => undefined;
  const stop = (why: Readonly<Record<string, unknown>>, exitCode: number): void => {
    if (stopping !== undefined) return;
    stopping = stopInOrder().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.error('not all parts could be stopped', { error });
        process.exit(1);
      },
    );
    // Last: what stops a process whose log fails must not depend on it.
    log.info('stopping: running requests may finish, nothing new is taken', why);
  };
  const stopInOrder = async (): Promise<void> => {
    const { drainTimeoutMs } = config.server;
    await closeAll([() => server.drain(drainTimeoutMs), () => litellm.stop(), close, tellNoMore]);
    log.info('stopped');
  };
  end = (signal) => {
    stop({ signal }, 0);
  };
  catchUnexpected({
    log,
    stop: () => {
      stop({ fault: true }, 1);
    },
  });
  // A log that nobody takes any more, or a full disk, is no reason to end the calls of others.
  process.stdout.on('error', () => undefined);
  const address = await server
    .listen(config.server.host, config.server.port)
    .catch(async (error: unknown) => {
      throw await portError(config, error);
    });
  log.info('listening', { host: address.address, port: address.port, version: version.version });
  const url = urlOf(address.address, address.port);
  tellNoMore = tellWhereItRuns(config, log, { url, version: version.version });
  if (config.log.format === 'pretty')
    console.log(
      howToConnect(
        address.address,
        address.port,
        service === undefined ? [] : servedNames(config.codex.listedAs),
      ),
    );
  if (stopping === undefined) litellm.start();
}

/** Who asks twice wants it at once. */
function onSignals(stop: (signal: NodeJS.Signals) => void): void {
  let stoppedAt: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      if (stoppedAt !== undefined && now - stoppedAt > sameSignalMs) process.exit(1);
      stoppedAt ??= now;
      stop(signal);
    });
  }
}

/** For the command line. Where the state folder cannot be written, it needs the address told. The result takes it back. */
function tellWhereItRuns(
  { stateDir }: Config,
  log: Log,
  told: { readonly url: string; readonly version: string },
): () => void {
  try {
    return writeRunningFile(stateDir, { ...told, pid: process.pid, startedAt: new Date().toISOString() });
  } catch (error) {
    log.warn('the state folder cannot be written: codex-plus stop and status will not find this instance', {
      error,
    });
    return () => undefined;
  }
}

async function portError({ server: { host, port } }: Config, cause: unknown): Promise<Error> {
  if (codeOf(cause) !== 'EADDRINUSE') return cause instanceof Error ? cause : new Error(String(cause));
  const isOurs = await isCodexPlus(urlOf(host, port));
  const ends = `codex-plus stop${service === undefined ? '' : ' --api'} ends it`;
  const who = isOurs ? `another Codex-Plus: ${ends}` : 'another program: stop it';
  return new ConfigError([
    {
      source: 'codex-plus',
      path: 'server.port',
      reason: `${host}:${port} is in use by ${who}, or set ${service === undefined ? 'CODEX_PLUS_PORT' : 'PORT'}`,
    },
  ]);
}
