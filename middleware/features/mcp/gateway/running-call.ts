import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { InputRequest } from '@modelcontextprotocol/client';
import type { Progress } from '../connection.ts';
import type { LogMessage } from '../client/log-levels.ts';
import { unlessAborted } from '../unless-aborted.ts';

/** The request of a client that waits for a call at the moment, and hears of it. */
export interface WaitingRequest {
  /** Aborted when the client gives the call up. */
  readonly signal: AbortSignal;
  /** Asks a client whose request goes on meanwhile. Others get the questions for a result, and come again with the answers. */
  readonly ask?: ((question: InputRequest, signal: AbortSignal) => Promise<unknown>) | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly onLog: (message: LogMessage) => void;
}

/** What a call came to so far: its result, or questions that its server waits for. */
export type CallStep<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'asks'; readonly questions: Readonly<Record<string, InputRequest>> };

interface OpenQuestion {
  readonly question: InputRequest;
  readonly answer: PromiseWithResolvers<unknown>;
}

/** One call at a server, over as many requests of its client as the server has questions. */
export class RunningCall<Result> {
  /** Ours: clients give none that could be told apart. */
  readonly id = randomUUID();
  /** Resolves when it has come to its end. */
  readonly ended: Promise<void>;
  readonly #ending = new AbortController();
  readonly #outcome: Promise<Result>;
  readonly #open = new Map<string, OpenQuestion>();
  #request: WaitingRequest;
  #asked = Promise.withResolvers<undefined>();
  #count = 0;
  #hasEnded = false;

  constructor(request: WaitingRequest, work: (call: RunningCall<Result>) => Promise<Result>) {
    this.#request = request;
    this.#outcome = work(this);
    const end = (): void => {
      this.#hasEnded = true;
    };
    // Nobody may wait for it when it fails.
    this.ended = this.#outcome.then(end, end);
  }

  /** Whether it came to its end, so that no answer to a question counts any more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Aborted when the call is given up. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** The one that waits now. */
  get request(): WaitingRequest {
    return this.#request;
  }

  /** The keys of the questions that wait for an answer. */
  get openKeys(): readonly string[] {
    return this.#hasEnded ? [] : [...this.#open.keys()];
  }

  /** Puts a question to the client; resolves with its answer, and rejects once the signal is aborted. */
  async ask(question: InputRequest, signal: AbortSignal): Promise<unknown> {
    const { ask } = this.#request;
    if (ask !== undefined) return await this.#askAtOnce(ask, question, signal);
    const key = `question-${(this.#count += 1)}`;
    const answer = Promise.withResolvers<unknown>();
    this.#open.set(key, { question, answer });
    this.#asked.resolve(undefined);
    try {
      return await unlessAborted(signal, answer.promise);
    } finally {
      this.#open.delete(key);
    }
  }

  async #askAtOnce(
    ask: NonNullable<WaitingRequest['ask']>,
    question: InputRequest,
    signal: AbortSignal,
  ): Promise<unknown> {
    const until = AbortSignal.any([signal, this.signal]);
    return await unlessAborted(until, ask(question, until));
  }

  /** Ends it, where it has not ended. */
  giveUp(reason: Error): void {
    if (this.#hasEnded) return;
    for (const { answer } of this.#open.values()) answer.reject(reason);
    this.#ending.abort(reason);
  }

  /** Goes on with the answers of a client, by the keys of the questions; those that are missing stay asked. */
  async proceed(
    request: WaitingRequest,
    answers: Readonly<Record<string, unknown>>,
  ): Promise<CallStep<Result>> {
    this.#request = request;
    this.#asked = Promise.withResolvers<undefined>();
    for (const [key, { answer }] of [...this.#open]) {
      if (!Object.hasOwn(answers, key)) continue;
      this.#open.delete(key);
      answer.resolve(answers[key]);
    }
    if (this.#open.size > 0) this.#asked.resolve(undefined);
    return await this.next();
  }

  /** What it comes to next. Ends the call where its client does not wait any more. */
  async next(): Promise<CallStep<Result>> {
    const { signal } = this.#request;
    const left = (): void => {
      this.giveUp(signal.reason instanceof Error ? signal.reason : new Error('the client gave the call up'));
    };
    signal.addEventListener('abort', left);
    if (signal.aborted) left();
    try {
      const done = this.#outcome.then((result) => ({ result }));
      for (;;) {
        const asked = this.#asked.promise.then(() => 'asked' as const);
        const step = await Promise.race([done, asked]);
        if (step !== 'asked') return { kind: 'done', result: step.result };
        // What its server sent in one piece with the question is heard first.
        await nextTurn();
        this.#ending.signal.throwIfAborted();
        const questions = [...this.#open].map(([key, { question }]) => [key, question] as const);
        if (questions.length > 0) return { kind: 'asks', questions: Object.fromEntries(questions) };
        this.#asked = Promise.withResolvers<undefined>();
      }
    } finally {
      signal.removeEventListener('abort', left);
    }
  }
}
