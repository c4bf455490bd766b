import { CodexPlusError } from '../../kernel/errors.ts';
import { isJsonObject, objectIn, parseJson, type JsonObject } from '../../kernel/json-object.ts';
import { isReadable } from '../../protocol/app-server/line-depth.ts';
import { withoutHalfLetters } from '../../protocol/json/without-half-letters.ts';

/** What the app server asks of its client, or tells it, in a thread. */
export interface ThreadListener {
  readonly notified: (method: string, params: JsonObject) => void;
  /** A request of the server; what it answers is sent back. */
  readonly asked: (method: string, params: JsonObject, answer: (result: JsonObject) => void) => void;
  /** The server ended; nothing more is heard. */
  readonly ended: (reason: AppServerEnded) => void;
}

/** JSON-RPC's code for what its receiver cannot read. */
const invalidRequest = -32600;

/** A refusal of the app server: of what was asked, or because it cannot do it. */
function refusal(method: string, error: unknown): CodexPlusError {
  const { message, code } = objectIn(error);
  const why = typeof message === 'string' ? message : 'no reason given';
  return code === invalidRequest
    ? new CodexPlusError('refused_by_provider', `Codex refused the request: ${why}`)
    : new CodexPlusError('upstream_refused', `codex app-server refused ${method}: ${why}`);
}

function unreadable(method: string): CodexPlusError {
  return new CodexPlusError(
    'invalid_body',
    `the request is nested deeper than Codex reads (${method}); make its schemas and texts of JSON flatter`,
  );
}

/** The app server ended; the message says how, as a sentence. */
export class AppServerEnded extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AppServerEnded';
  }
}

const clientInfo = { name: 'codex_plus', title: 'Codex-Plus', version: '1' };

/** JSON-RPC's code for a method that its receiver does not have. */
const methodNotFound = -32601;

/** One side of the talk with `codex app-server`: JSON-RPC without its `jsonrpc` member, an object a line. */
export class AppServerPeer {
  readonly #write: (line: string) => void;
  readonly #waiting = new Map<
    number,
    { readonly method: string; readonly answer: PromiseWithResolvers<unknown> }
  >();
  readonly #threads = new Map<string, ThreadListener>();
  #calls = 0;
  #ended: AppServerEnded | undefined;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /**
   * Rejects with a CodexPlusError where it is refused or cannot be read by the server, which would never answer it, and with
   * an AppServerEnded where the server ends before it answers.
   */
  call(method: string, params: JsonObject): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (!isReadable(params)) return Promise.reject(unreadable(method));
    this.#calls += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#calls, { method, answer });
    this.#send({ id: this.#calls, method, params });
    return answer.promise;
  }

  /** Begins the session, which is the first thing to do. */
  async begin(): Promise<void> {
    await this.call('initialize', { clientInfo, capabilities: { experimentalApi: true } });
    this.#send({ method: 'initialized' });
  }

  /** What is told of a thread goes to its listener from here on. A listener that throws throws where the line is taken. */
  listen(threadId: string, listener: ThreadListener): void {
    if (this.#ended === undefined) this.#threads.set(threadId, listener);
    else listener.ended(this.#ended);
  }

  unlisten(threadId: string): void {
    this.#threads.delete(threadId);
  }

  /** One line of the server's output. What is no message of the protocol says nothing. */
  take(line: string): void {
    const message = parseJson(line);
    if (!isJsonObject(message)) return;
    const { id, method } = message;
    if (typeof method !== 'string') this.#answered(message);
    else if (id === undefined) this.#listenerOf(message)?.notified(method, objectIn(message['params']));
    else this.#asked(id, method, message);
  }

  /** Nothing more will come. */
  end(reason: AppServerEnded): void {
    this.#ended = reason;
    for (const { answer } of this.#waiting.values()) answer.reject(reason);
    this.#waiting.clear();
    const listeners = [...this.#threads.values()];
    this.#threads.clear();
    for (const listener of listeners) listener.ended(reason);
  }

  #answered({ id, result, error }: JsonObject): void {
    if (typeof id !== 'number') return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.answer.resolve(result);
    else waiting?.answer.reject(refusal(waiting.method, error));
  }

  #asked(id: unknown, method: string, message: JsonObject): void {
    const listener = this.#listenerOf(message);
    if (listener === undefined) {
      this.#send({ id, error: { code: methodNotFound, message: 'nobody here answers this' } });
      return;
    }
    listener.asked(method, objectIn(message['params']), (result) => {
      this.#send({ id, result });
    });
  }

  #listenerOf({ params }: JsonObject): ThreadListener | undefined {
    const { threadId } = objectIn(params);
    return typeof threadId === 'string' ? this.#threads.get(threadId) : undefined;
  }

  #send(message: JsonObject): void {
    if (this.#ended === undefined) this.#write(`${withoutHalfLetters(JSON.stringify(message))}\n`);
  }
}
