import type { AddressInfo } from 'node:net';
import { createForwardAuthHandler } from '../../http/forward-auth/forward-auth-handler.ts';
import { createHttpServer, type HttpServer } from '../../http/server.ts';
import { codeOf } from '../../kernel/errors.ts';
import { createKnownKeyRemover } from '../../platform/secrets/upstream-words.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { untilInterrupted } from '../hooks/until-interrupted.ts';
import { forwardAuthSettings, type ForwardAuthOptions } from './forward-auth-settings.ts';

/** An answer is made at once, so what is left after a stop are requests that do not come in. */
const drainMs = 5_000;
/** How long a client may take nothing of an answer that waits for it. */
const clientIdleMs = 30_000;

/** Answers until it is told to stop; then what has come in is answered, and it ends. */
export async function serveForwardAuth(context: CliContext, options: ForwardAuthOptions): Promise<void> {
  const { rootDir, env, isInteractive, stdout } = context;
  const { host, port, apiKeys, config } = forwardAuthSettings(options, {
    rootDir,
    env,
    isTerminal: isInteractive,
  });
  const clean = createKnownKeyRemover({ config, env, now: () => performance.now() });
  const log = createLog({ ...config.log, stream: stdout, clean });
  const server = createHttpServer(
    createForwardAuthHandler({ apiKeys, log, logsDecisions: config.log.access }),
    clientIdleMs,
  );
  const address = await listen(server, host, port);
  log.info('listening', { host: address.address, port: address.port, keys: apiKeys.length });
  await untilInterrupted(
    (stop) =>
      new Promise<void>((resolve) => {
        stop.addEventListener('abort', () => {
          resolve();
        });
      }),
  );
  log.info('stopping: what has come in is answered, nothing new is taken');
  await server.drain(drainMs);
  log.info('stopped');
}

async function listen(server: HttpServer, host: string, port: number): Promise<AddressInfo> {
  try {
    return await server.listen(host, port);
  } catch (error) {
    const reason =
      codeOf(error) === 'EADDRINUSE' ? 'is in use' : `cannot be bound (${codeOf(error) ?? String(error)})`;
    throw new CliError(`${host}:${port} ${reason}: choose another with --host and --port`);
  }
}
