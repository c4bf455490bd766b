import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, type JsonObject, parseJson } from '../../kernel/json-object.ts';
import type { Environment } from '../../platform/config/environment.ts';
import { startChild } from '../../platform/process/start-child.ts';

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
  const answers = new Answers();
  const child = startChild({
    ...{ file: program, args: ['app-server'], cwd, env },
    onLine: (line, stream) => {
      if (stream === 'stdout') answers.take(line);
    },
  });
  const call = async (id: number, name: string, value: JsonObject): Promise<unknown> => {
    const answer = answers.wait(id, name);
    child.input.write(`${JSON.stringify({ id, method: name, params: value })}\n`);
    return answer;
  };
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    timeout.reject(new Error(`codex app-server did not answer ${method} within ${timeoutMs / 1000} s`));
  }, timeoutMs);
  const died = child.ended.then(({ summary }) => {
    throw new Error(`codex app-server ${summary}`);
  });
  const talk = async (): Promise<unknown> => {
    await call(1, 'initialize', { clientInfo, capabilities: { experimentalApi: true } });
    child.input.write(`${JSON.stringify({ method: 'initialized' })}\n`);
    return call(2, method, params);
  };
  try {
    return await Promise.race([talk(), died, timeout.promise]);
  } finally {
    clearTimeout(timer);
    // It ends by itself when nobody can ask any more, and then leaves its files in order.
    child.input.end();
    await Promise.race([child.ended, sleep(endGraceMs, undefined, { ref: false })]);
    await child.stop(endGraceMs);
  }
}

const clientInfo = { name: 'codex_plus', title: 'Codex-Plus', version: '1' };

/** What was asked and is not answered yet. */
class Answers {
  readonly #waiting = new Map<
    number,
    { readonly method: string; readonly answer: PromiseWithResolvers<unknown> }
  >();

  wait(id: number, method: string): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { method, answer });
    return answer.promise;
  }

  /** One line of its output: an answer of ours, or a notification, which nobody here waits for. */
  take(line: string): void {
    const message = parseJson(line);
    if (!isJsonObject(message) || typeof message['id'] !== 'number' || 'method' in message) return;
    const waiting = this.#waiting.get(message['id']);
    if (waiting === undefined) return;
    this.#waiting.delete(message['id']);
    const { error } = message;
    if (error === undefined) waiting.answer.resolve(message['result']);
    else waiting.answer.reject(new Error(`codex app-server refused ${waiting.method}: ${reasonOf(error)}`));
  }
}

function reasonOf(error: unknown): string {
  return isJsonObject(error) && typeof error['message'] === 'string' ? error['message'] : 'no reason given';
}
