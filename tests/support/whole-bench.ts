import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect } from '@jest/globals';
import { callClients, conversationIn, type CallClient, type Spoken } from './call-clients.ts';
import { composeMiddleware, type ComposedMiddleware } from './compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from './fake-upstream/fake-upstream.ts';
import type { Item, Step } from './fake-upstream/step.ts';
import { HookFolder } from './hook-folder.ts';
import { makeTestFolder } from './start-middleware.ts';

/** The whole middleware, as it is put together to run, with hooks of a home folder; new for every test. */
export class WholeBench extends HookFolder {
  #upstream: FakeUpstream | undefined;
  #middleware: ComposedMiddleware | undefined;
  #forgiven = 0;

  get upstream(): FakeUpstream {
    if (this.#upstream === undefined) throw new Error('the test has not begun');
    return this.#upstream;
  }

  get middleware(): ComposedMiddleware {
    if (this.#middleware === undefined) throw new Error('the test has not begun');
    return this.#middleware;
  }

  async begin(): Promise<void> {
    this.#upstream ??= await startFakeUpstream();
    this.upstream.forget();
    this.forgive();
    this.folder = await makeTestFolder('whole');
    await mkdir(this.workspace);
    await this.#start();
  }

  /** Another middleware for the same folders. */
  async restart(variables: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.middleware.close();
    await this.#start(variables);
  }

  async #start(variables: Readonly<Record<string, string>> = {}): Promise<void> {
    const state = join(this.folder, 'state');
    const env = { ...variables, PATH: process.env['PATH'] ?? '', CODEX_PLUS_STATE_DIR: state };
    this.#middleware = await composeMiddleware(this.upstream.url, env, join(this.folder, 'home'));
  }

  async end(): Promise<void> {
    await this.middleware.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
    expect(this.upstream.violations.slice(this.#forgiven)).toEqual([]);
  }

  /** Takes what the fake found wrong with the calls so far as right: it knows nothing of what a provider keeps. */
  forgive(): void {
    this.#forgiven = this.upstream.violations.length;
  }

  async close(): Promise<void> {
    await this.#upstream?.close();
  }

  /** A new client of one API, by its place in `callCases`, which works in the project; `leaving`: gives its requests up. */
  client(which: number, leaving?: AbortSignal): CallClient {
    const headers = { 'x-codex-plus-workspace': this.workspace };
    const create = callClients(this.middleware.url, headers, leaving)[which];
    if (create === undefined) throw new Error('there is no such client');
    return create();
  }

  /** What the model answers to the first request of the test, the second …, the last for ever. */
  answers(...steps: readonly (readonly Item[] | Step)[]): void {
    this.upstream.use((_seen, index) => {
      const step = steps[Math.min(index, steps.length - 1)] ?? [];
      return 'kind' in step ? step : { kind: 'answer', items: step, turn: index };
    });
  }

  /** The conversation that the model got with its nth request; the last with -1. */
  sent(index: number): readonly Spoken[] {
    return conversationIn(this.upstream.requests.at(index)?.json);
  }

  /** What the log says went wrong with hooks. */
  problems(): readonly string[] {
    return this.middleware.lines.flatMap(({ problem }) => (typeof problem === 'string' ? [problem] : []));
  }
}

/** A bench for the tests of one file. */
export function useWholeBench(): WholeBench {
  const bench = new WholeBench();
  beforeEach(() => bench.begin());
  afterEach(() => bench.end());
  afterAll(() => bench.close());
  return bench;
}
