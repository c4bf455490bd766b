import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { markOf } from './process-tree.ts';

/** The variable that all which is watched was started with, and what it started in turn. */
export const watchedVariable = 'CODEX_PLUS_WATCHED_BY';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const program = fileURLToPath(new URL(`./end-left-behind.${extension}`, import.meta.url));

/**
 * Keeps the lines that it is given until there are no more to come, and gives them to a program. A shell, since it waits for
 * as long as we run: it takes a megabyte where Node takes forty. Whoever ends a service sends a signal to all of its
 * processes, and kills later what is left: this one has to be there still.
 */
const script = `trap '' HUP INT TERM
marks=
while read -r mark; do marks="$marks$mark
"; done
printf %s "$marks" | "$@"`;

/** Watched until it is released. */
export interface Watched {
  /** What a program has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Once it has a process id. */
  readonly started: (pid: number) => void;
  /** When nothing is left of it. */
  readonly release: () => void;
}

/** One that ends again and again, or cannot be started, is left for the next who wants to be watched. */
const maxAgain = 5;
const longMs = 60_000;

/**
 * Ends programs that go on without us, with all that they started, when this process ends in whatever way, also when it is
 * killed: a process of ours in a session of its own, which is there as long as something is watched, sees its pipe close. It is
 * started anew where somebody ended it.
 *
 * @internal exported for its tests
 */
export class EndWatch {
  readonly #shell: string;
  readonly #id = randomUUID();
  /** Of each that is watched the line that is told of it. */
  readonly #marks = new Map<Watched, string>();
  #watcher: ChildProcess | undefined;
  #startedAt = 0;
  /** How often it was started anew, without having run for long. */
  #again = 0;

  constructor(shell = '/bin/sh') {
    this.#shell = shell;
  }

  watch(): Watched {
    const watched: Watched = {
      env: { [watchedVariable]: this.#id },
      started: (pid) => {
        markOf(pid).then(
          (mark) => {
            if (mark !== undefined && this.#marks.has(watched)) this.#tell(watched, JSON.stringify(mark));
          },
          // What it was started with tells it as well.
          () => undefined,
        );
      },
      release: () => {
        this.#marks.delete(watched);
        if (this.#marks.size === 0) this.#stop();
      },
    };
    this.#marks.set(watched, '');
    this.#start();
    return watched;
  }

  #start(): void {
    // Windows ends the tree of a process itself when that is told to; nothing there waits for a pipe.
    if (this.#watcher !== undefined || process.platform === 'win32') return;
    const args = ['-c', script, 'sh', process.execPath, program, this.#id];
    this.#startedAt = performance.now();
    const watcher = spawn(this.#shell, args, {
      ...{ cwd: '/', env: {}, detached: true },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#watcher = watcher;
    const isGone = (): void => {
      if (this.#watcher !== watcher) return;
      this.#watcher = undefined;
      this.#startAgain();
    };
    watcher.once('error', isGone).once('exit', isGone);
    watcher.stdin.on('error', isGone);
    // It is no reason to go on.
    watcher.unref();
    (watcher.stdin as Socket).unref();
    for (const mark of this.#marks.values()) if (mark !== '') watcher.stdin.write(`${mark}\n`);
  }

  #startAgain(): void {
    if (performance.now() - this.#startedAt >= longMs) this.#again = 0;
    if (this.#marks.size === 0 || this.#again >= maxAgain) return;
    this.#again += 1;
    try {
      this.#start();
    } catch {
      // Nobody waits for it: without memory or files left, it is not the first to fail.
    }
  }

  #tell(watched: Watched, mark: string): void {
    this.#marks.set(watched, mark);
    this.#watcher?.stdin?.write(`${mark}\n`);
  }

  #stop(): void {
    // Killed, it has nothing to do at the end of its input.
    this.#watcher?.kill('SIGKILL');
    this.#watcher = undefined;
  }
}

/** The one of this process. */
export const endWatch = new EndWatch();
