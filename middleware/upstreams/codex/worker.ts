import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { objectIn, type JsonObject } from '../../kernel/json-object.ts';
import type { Log } from '../../kernel/log.ts';
import { treeMemory } from '../../platform/process/tree-memory.ts';
import { startChild, type Child } from '../../platform/process/start-child.ts';
import { AppServerEnded, AppServerPeer, type ThreadListener } from './app-server-peer.ts';
import type { WorkerCommand } from './worker-command.ts';

const endGraceMs = 2_000;
/** Looking at all processes of the machine takes time; memory does not change that fast. */
const measuredForMs = 1_000;
/** Of what it says on stderr, for the reason of its end. */
const maxSaid = 500;

/** One running `codex app-server`, which answers many turns at once. */
export class Worker {
  readonly pid: number | undefined;
  /** Resolves with how it ended, as one sentence; never rejects. */
  readonly ended: Promise<string>;
  readonly #peer: AppServerPeer;
  readonly #child: Child;
  readonly #home: string;
  readonly #homeAtStart: string | undefined;
  #said = '';
  /** Why it was killed, as the end of a sentence. */
  #killedAs: string | undefined;
  /** Turns that run, and all that it was given. */
  running = 0;
  taken = 0;
  /** When it last said anything to us. */
  heardAt = performance.now();
  /** When it last said anything of a turn: that it has a word for whoever asks for one says nothing of its turns. */
  workedAt = performance.now();
  /** What it held when that was last measured, in bytes; `undefined`: nothing tells it. */
  residentBytes: number | undefined;
  #measuredAt = -Infinity;

  /** With `logsMessages` the log has what is said between it and us, at `debug`. */
  constructor(
    { file, args, cwd, env }: WorkerCommand,
    { log, logsMessages }: { readonly log: Log; readonly logsMessages: boolean },
  ) {
    this.#home = cwd;
    this.#homeAtStart = identityOf(cwd);
    const logMessage = (message: string, line: string): void => {
      if (logsMessages) log.debug(message, { line });
    };
    this.#peer = new AppServerPeer((line) => {
      logMessage('to codex app-server', line);
      this.#child.input.write(line);
    });
    this.#child = startChild({
      ...{ file, args, cwd, env },
      onLine: (line, stream) => {
        if (stream === 'stdout') {
          this.heardAt = performance.now();
          logMessage('from codex app-server', line);
          this.#peer.take(line);
          return;
        }
        this.#said = line.slice(0, maxSaid);
        log.debug('codex app-server', { line: this.#said });
      },
    });
    this.pid = this.#child.pid;
    this.ended = this.#child.ended.then(({ summary, exitCode }) => {
      const said = exitCode === undefined || this.#said === '' ? '' : `: ${this.#said}`;
      const reason = `codex app-server ${this.#killedAs ?? `${summary}${said}`}`;
      this.#peer.end(new AppServerEnded(reason));
      return reason;
    });
  }

  /** Resolves once it takes threads. Rejects with a sentence where it ends before, or does not come up in time. */
  async untilReady(timeoutMs: number): Promise<void> {
    const late = new AbortController();
    const timeout = sleep(timeoutMs, undefined, { signal: late.signal }).then(
      () => {
        throw new Error(`codex app-server was not ready after ${timeoutMs / 1000} s`);
      },
      () => undefined,
    );
    try {
      await Promise.race([this.#peer.begin(), timeout]);
    } finally {
      late.abort();
    }
  }

  async call(method: string, params: JsonObject): Promise<JsonObject> {
    const answer = await this.#peer.call(method, params);
    this.workedAt = performance.now();
    return objectIn(answer);
  }

  listen(threadId: string, listener: ThreadListener): void {
    const worked = (): void => {
      this.workedAt = performance.now();
    };
    this.#peer.listen(threadId, {
      notified: (method, params) => {
        worked();
        listener.notified(method, params);
      },
      asked: (method, params, answer) => {
        worked();
        listener.asked(method, params, answer);
      },
      ended: (reason) => {
        listener.ended(reason);
      },
    });
  }

  unlisten(threadId: string): void {
    this.#peer.unlisten(threadId);
  }

  /** Whether the folder that it was started in is there: it keeps programs in it with which it starts commands. */
  get hasHome(): boolean {
    return this.#homeAtStart === identityOf(this.#home);
  }

  /** Notes what it holds with the commands of its turns, at most once a second. */
  async measure(): Promise<void> {
    if (this.pid === undefined || performance.now() - this.#measuredAt < measuredForMs) return;
    this.#measuredAt = performance.now();
    this.residentBytes = await treeMemory(this.pid);
  }

  /** Has it say something, whatever: it is heard of then. */
  askForWord(): void {
    // A refusal is a word as well, and its end is told elsewhere.
    this.#peer.call('thread/loaded/list', {}).catch(() => undefined);
  }

  get isKilled(): boolean {
    return this.#killedAs !== undefined;
  }

  /** Ends it at once. `why` is told in the place of the signal, to its turns as well: the end of a sentence. */
  async kill(why: string): Promise<void> {
    this.#killedAs = why;
    await this.#child.stop(0);
  }

  /** It ends by itself where nobody can ask any more, and leaves its files in order. */
  async stop(): Promise<void> {
    this.#child.input.end();
    await Promise.race([this.ended, sleep(endGraceMs, undefined, { ref: false })]);
    await this.#child.stop(endGraceMs);
  }
}

/** One that was made anew in its place is another. */
function identityOf(folder: string): string | undefined {
  const found = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return found && [found.dev, found.ino, found.birthtimeNs].join();
}
