import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  isJSONRPCRequest,
  type FetchLike,
  type JSONRPCMessage,
  type RequestId,
  type Transport,
} from '@modelcontextprotocol/client';
import type { BoundedFetch } from '../within-bounds.ts';
import { StreamPace } from './stream-pace.ts';

interface AnswerStreamsParts {
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  readonly pause?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** How often in a row the answer to a request is asked for again where its stream ends at once, with nothing in it. */
const maxQuick = 5;

/** What comes for one request, over the stream that answers it and those that go on with that. */
class AnswerStream {
  readonly pace = new StreamPace();
  readonly #over = Promise.withResolvers<undefined>();
  /** Whether all of it came in one piece. */
  isWhole = false;
  #isOver = false;
  #brokenBy: unknown;

  constructor() {
    // Whoever sent the request may have left.
    this.#over.promise.catch(() => undefined);
  }

  /** Resolves when the answer came; rejects where none comes. */
  get answered(): Promise<unknown> {
    return this.#over.promise;
  }

  /** Whether it is worth asking for more of it. */
  get goesOn(): boolean {
    return !this.#isOver && this.#brokenBy === undefined && this.pace.quick < maxQuick;
  }

  /** It was broken off by us. */
  readonly broken = (error: unknown): void => {
    this.#brokenBy ??= error;
  };

  over(): void {
    this.#isOver = true;
    this.#over.resolve(undefined);
  }

  ended(what: string): void {
    this.#isOver = true;
    const options = this.#brokenBy === undefined ? {} : { cause: this.#brokenBy };
    this.#over.reject(new Error(what, options));
  }
}

/**
 * The streams over which a server at a URL answers. A request whose stream ends without its answer fails at once, where the SDK
 * would have it wait for as long as a call may take; and streams are asked for again no faster than makes sense.
 */
export class AnswerStreams {
  readonly #now: () => number;
  readonly #pause: NonNullable<AnswerStreamsParts['pause']>;
  /** Whose stream it is that the SDK reads, and asks for again. */
  readonly #current = new AsyncLocalStorage<AnswerStream | undefined>();
  readonly #waiting = new Map<string, AnswerStream>();
  /** Of the stream of what the server tells by itself. */
  readonly #listening = new StreamPace();

  constructor({ now, pause = pauseFor }: AnswerStreamsParts) {
    this.#now = now;
    this.#pause = pause;
  }

  fetchThrough(fetchFrom: BoundedFetch): FetchLike {
    return async (url, init) => {
      const stream = this.#current.getStore();
      if (!asksForStream(init)) {
        const answer = await fetchFrom(url, init, stream?.broken);
        if (stream !== undefined) stream.isWhole = isWhole(answer);
        return answer;
      }
      const pace = stream?.pace ?? this.#listening;
      const ms = pace.pauseMs(this.#now());
      // To the SDK: there is no such stream.
      if (stream?.goesOn === false) return new Response(null, { status: 405 });
      if (ms > 0) await this.#pause(ms, init?.signal ?? undefined);
      pace.asked(this.#now());
      return await fetchFrom(url, init, stream?.broken);
    };
  }

  /** Hears of each message that comes. */
  readonly onMessage = (message: JSONRPCMessage): void => {
    if ('method' in message) this.#current.getStore()?.pace.brought();
    else if (message.id !== undefined) this.#isOver(message.id);
  };

  /** Has the requests fail that are sent over a transport. */
  watch(transport: Transport): void {
    const send = transport.send.bind(transport);
    transport.send = async (message, options) => {
      if (!isJSONRPCRequest(message)) {
        if ('method' in message && message.method === 'notifications/cancelled')
          this.#isOver(message.params?.['requestId'] as RequestId);
        await this.#current.run(undefined, () => send(message, options));
        return;
      }
      const stream = new AnswerStream();
      const { answered } = stream;
      this.#waiting.set(String(message.id), stream);
      const onRequestStreamEnd = (): void => {
        options?.onRequestStreamEnd?.();
        this.#waiting.delete(String(message.id));
        stream.ended('its stream ended without an answer');
      };
      try {
        await this.#current.run(stream, () => send(message, { ...options, onRequestStreamEnd }));
        if (stream.isWhole) stream.ended('it answered with something else');
        await answered;
      } finally {
        this.#waiting.delete(String(message.id));
      }
    };
  }

  /** Nobody waits for its answer any more. */
  #isOver(id: RequestId): void {
    this.#waiting.get(String(id))?.over();
    this.#waiting.delete(String(id));
  }
}

function asksForStream(init: RequestInit | undefined): boolean {
  if (init?.method !== 'GET') return false;
  return new Headers(init.headers).get('accept')?.includes('text/event-stream') === true;
}

function isWhole({ status, headers }: Response): boolean {
  return status === 200 && headers.get('content-type')?.toLowerCase().includes('json') === true;
}

async function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { ref: false, ...(signal !== undefined && { signal }) });
}
