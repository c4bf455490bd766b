import { keptOutputBytes } from '../hook-limits.ts';
import type { HookEnd } from '../answer/parse-output.ts';
import type { ScriptHook } from './script-hooks.ts';
import { TextChannel } from './text-channel.ts';
import type { TextTransform } from './text-transform.ts';

/** A program that reads text on stdin and writes other text on stdout while it goes on. */
export interface FilterProcess {
  /** Where it is behind, a promise that resolves when it has caught up, or its input is closed. */
  readonly write: (text: string) => Promise<void> | undefined;
  readonly closeInput: () => void;
  /** Ends it with all that it started. */
  readonly end: (ending: 'timed-out' | 'aborted' | 'flooded', summary: string) => Promise<HookEnd>;
  /** Resolves when it has exited and its output was read; never rejects. */
  readonly ended: Promise<HookEnd>;
}

export interface FilterOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Bytes of stderr that are kept. */
  readonly keepBytes: number;
  readonly onStdout: (text: string) => void;
}

export interface PostOutputInvocation {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** How long a script may take after the end of its text, and how long it may neither read nor print while there is more. */
  readonly timeoutMs: number;
  readonly start: (options: FilterOptions) => FilterProcess;
  /** Is told which script failed and why, for the user. */
  readonly onProblem: (problem: string) => void;
}

/**
 * The transform that sends a text of an answer through the `post_output` scripts, one after the other. A script is
 * started with the first piece of a text and lives as long as that text. It gets the text on stdin as it streams
 * and what it prints is the text, piece by piece as it prints it: a script that reads a line and prints a line
 * streams by lines. Its stdin is closed at the end of the text; it is ended when it takes too long after that. The
 * answer waits for a script that reads slowly, and for one that neither reads nor prints it does not wait long.
 *
 * Exit code 0: what it printed is the whole text, also when it did not read all. Exit code 2: nothing more gets
 * through. Any other end is a failure: what the script was not given yet goes on unchanged, and if it printed
 * nothing at all, the whole text does. So is printing far more than it was given.
 */
export function postOutput(scripts: readonly ScriptHook[], invocation: PostOutputInvocation): TextTransform {
  return (text) => scripts.reduce((before, script) => throughScript(before, script, invocation), text);
}

async function* throughScript(
  text: AsyncIterable<string>,
  script: ScriptHook,
  invocation: PostOutputInvocation,
): AsyncGenerator<string, void, undefined> {
  const pieces = text[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return;
  const run = new FilterRun(script, invocation);
  void run.feed(first.value, pieces);
  try {
    yield* run.output();
  } finally {
    // Not awaited: a generator that waits for its next piece only takes notice after that.
    pieces.return?.().catch(() => undefined);
    await run.stop();
  }
}

/** Characters that a script may print beyond four times what it was given. */
const spareCharacters = 64 * 1024;

class FilterRun {
  readonly #script: ScriptHook;
  readonly #onProblem: (problem: string) => void;
  readonly #timeoutMs: number;
  readonly #process: FilterProcess;
  readonly #out = new TextChannel();
  /** Where pieces go: to the script, past it since it failed, or nowhere since it has ended. */
  #way: 'script' | 'past' | 'nowhere' = 'script';
  /** What the script was given, for as long as it has printed nothing. */
  #unanswered: string[] = [];
  #givenCharacters = 0;
  #printedCharacters = 0;
  #isTextOver = false;
  #timer: NodeJS.Timeout | undefined;
  /** Runs while the script is behind. */
  #stall: NodeJS.Timeout | undefined;

  constructor(script: ScriptHook, invocation: PostOutputInvocation) {
    const { cwd, env, signal, start } = invocation;
    this.#script = script;
    this.#onProblem = invocation.onProblem;
    this.#timeoutMs = invocation.timeoutMs;
    const { file, args } = script;
    const onStdout = (printed: string): void => {
      this.#print(printed);
    };
    this.#process = start({ file, args, cwd, env, signal, keepBytes: keptOutputBytes, onStdout });
    void this.#process.ended.then((end) => {
      this.#conclude(end);
    });
  }

  output(): AsyncGenerator<string, void, undefined> {
    return this.#out.read();
  }

  async feed(first: string, rest: AsyncIterator<string>): Promise<void> {
    try {
      await this.#take(first);
      for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
        await this.#take(next.value);
        await this.#out.room();
      }
      this.#finishText();
    } catch (error) {
      this.#out.fail(error);
    }
  }

  async stop(): Promise<void> {
    this.#way = 'nowhere';
    this.#clearTimers();
    await this.#process.end('aborted', 'was stopped');
  }

  async #take(piece: string): Promise<void> {
    if (this.#way === 'past') this.#out.push(piece);
    if (this.#way !== 'script') return;
    this.#givenCharacters += piece.length;
    if (this.#printedCharacters === 0) this.#unanswered.push(piece);
    const caughtUp = this.#process.write(piece);
    if (caughtUp !== undefined) await this.#wait(caughtUp);
  }

  async #wait(caughtUp: Promise<void>): Promise<void> {
    const summary = `neither read nor printed anything for ${this.#timeoutMs / 1000} s`;
    let ended: Promise<unknown> | undefined;
    this.#stall = setTimeout(() => {
      ended = this.#process.end('timed-out', summary);
    }, this.#timeoutMs);
    await caughtUp;
    clearTimeout(this.#stall);
    this.#stall = undefined;
    // What comes next goes another way once it has.
    await ended;
  }

  #clearTimers(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#stall);
  }

  #finishText(): void {
    this.#isTextOver = true;
    if (this.#way !== 'script') {
      this.#out.close();
      return;
    }
    this.#process.closeInput();
    const summary = `did not end within ${this.#timeoutMs / 1000} s after the end of the text`;
    this.#timer = setTimeout(() => void this.#process.end('timed-out', summary), this.#timeoutMs);
  }

  #print(printed: string): void {
    this.#unanswered = [];
    this.#stall?.refresh();
    this.#printedCharacters += printed.length;
    if (this.#printedCharacters > 4 * this.#givenCharacters + spareCharacters) {
      void this.#process.end('flooded', 'printed far more than it was given');
      return;
    }
    this.#out.push(printed);
  }

  #conclude(end: HookEnd): void {
    this.#clearTimers();
    if (this.#way === 'nowhere') return;
    const exitCode = end.ending === 'exited' ? end.exitCode : undefined;
    if (exitCode !== 0) this.#report(end);
    this.#way = exitCode === 0 || exitCode === 2 ? 'nowhere' : 'past';
    if (this.#way === 'past') for (const piece of this.#unanswered) this.#out.push(piece);
    if (this.#way === 'nowhere' || this.#isTextOver) this.#out.close();
  }

  #report({ ending, stderr, summary }: HookEnd): void {
    if (ending === 'aborted') return;
    const said = stderr.trim();
    this.#onProblem(`post_output hook [${this.#script.name}] failed: ${said === '' ? summary : said}`);
  }
}
