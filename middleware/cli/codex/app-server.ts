import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Environment } from '../../platform/config/environment.ts';
import { startChild } from '../../platform/process/start-child.ts';
import { AppServerPeer } from '../../upstreams/codex/app-server-peer.ts';

export interface AppServerOptions {
  readonly program?: string;
  readonly cwd: string;
  /** Which Codex home it works on is said by CODEX_HOME. */
  readonly env: Environment;
  readonly timeoutMs?: number;
}

/** Its start alone takes half a second, several on a busy machine. */
const defaultTimeoutMs = 20_000;
const endGraceMs = 2_000;

/**
 * Asks Codex itself: starts `codex app-server`, makes one call and ends it. Starts no thread, so nothing reaches a
 * model. Rejects with a plain sentence when Codex is not there, refuses the call, or takes too long.
 */
export async function callAppServer(
  method: string,
  params: JsonObject,
  { program = 'codex', cwd, env, timeoutMs = defaultTimeoutMs }: AppServerOptions,
): Promise<unknown> {
  const peer = new AppServerPeer((line) => child.input.write(line));
  const child = startChild({
    ...{ file: program, args: ['app-server'], cwd, env },
    onLine: (line, stream) => {
      if (stream === 'stdout') peer.take(line);
    },
  });
  void child.ended.then(({ summary }) => {
    peer.end(new Error(`codex app-server ${summary}`));
  });
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    timeout.reject(new Error(`codex app-server did not answer ${method} within ${timeoutMs / 1000} s`));
  }, timeoutMs);
  const talk = async (): Promise<unknown> => {
    await peer.begin();
    return peer.call(method, params);
  };
  try {
    return await Promise.race([talk(), timeout.promise]);
  } finally {
    clearTimeout(timer);
    // It ends by itself when nobody can ask any more, and then leaves its files in order.
    child.input.end();
    await Promise.race([child.ended, sleep(endGraceMs, undefined, { ref: false })]);
    await child.stop(endGraceMs);
  }
}
