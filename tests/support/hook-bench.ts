import { mkdir, rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { codexTurn, type Item } from './codex-turns.ts';
import { startFakeUpstream, type FakeUpstream } from './fake-upstream/fake-upstream.ts';
import { says } from './fake-upstream/step.ts';
import { HookFolder } from './hook-folder.ts';
import { startHooksMiddleware, type HooksMiddleware } from './hooks-middleware.ts';
import { makeTestFolder } from './start-middleware.ts';

/** A scripted model, the middleware with hooks, a home folder and a project, new for every test. */
export class HookBench extends HookFolder {
  #upstream: FakeUpstream | undefined;
  #middleware: HooksMiddleware | undefined;
  /** Of the requests that `turn` makes. */
  session = 's1';

  get upstream(): FakeUpstream {
    if (this.#upstream === undefined) throw new Error('the test has not begun');
    return this.#upstream;
  }

  get middleware(): HooksMiddleware {
    if (this.#middleware === undefined) throw new Error('the test has not begun');
    return this.#middleware;
  }

  async begin(): Promise<void> {
    this.#upstream ??= await startFakeUpstream();
    this.upstream.forget();
    this.upstream.use(() => says('hello'));
    this.folder = await makeTestFolder('hooks');
    this.session = 's1';
    await mkdir(this.workspace);
    this.#middleware = await startHooksMiddleware(this.upstream.url, this.folder);
  }

  /** Another middleware for the same folders. */
  async restart(variables: Readonly<Record<string, string>>): Promise<void> {
    await this.middleware.close();
    this.#middleware = await startHooksMiddleware(this.upstream.url, this.folder, variables);
  }

  async end(): Promise<void> {
    await this.middleware.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Makes a request as Codex does; resolves with what the client gets. */
  turn(input: readonly Item[], metadata: object = {}, stream = false): Promise<string> {
    const { session, workspace } = this;
    return codexTurn(this.middleware.port, { session, workspace, input, metadata, stream });
  }

  /** The items of the newest request that the model got. */
  sent(): readonly Item[] {
    return (this.upstream.requests.at(-1)?.json?.['input'] ?? []) as Item[];
  }

  async close(): Promise<void> {
    await this.#upstream?.close();
  }
}

/** A bench for the tests of one file. */
export function useHookBench(): HookBench {
  const bench = new HookBench();
  beforeEach(() => bench.begin());
  afterEach(() => bench.end());
  afterAll(() => bench.close());
  return bench;
}

/** What hooks say to the model, as it stands in the conversation. */
export function developer(...texts: readonly string[]): Item {
  return { type: 'message', role: 'developer', content: texts.map((text) => ({ type: 'input_text', text })) };
}

/** What a hook prints to say something to the model. */
export function contextOf(event: string, additionalContext: string): string {
  return JSON.stringify({ hookSpecificOutput: { hookEventName: event, additionalContext } });
}
