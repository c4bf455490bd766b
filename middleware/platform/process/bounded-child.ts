import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { execa } from 'execa';
import { endProcesses } from './end-processes.ts';
import { ofThisRequest } from './request-owner.ts';
import { signalGroup, treeOf } from './process-tree.ts';
import { ofOwnGroup } from './start-child.ts';

/** A program to start. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child; nothing else is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One that was started, in a process group of its own. */
export interface StartedChild {
  readonly pid?: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The exit of the program itself, whoever still holds its output; never rejects. */
  readonly exit: Promise<Exit>;
  /** Sends a signal to its process group. */
  readonly kill: (signal: NodeJS.Signals) => boolean;
}

interface Exit {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  /** Nobody can tell any more how it ends: what is there of it has to be ended. */
  readonly isLost?: boolean;
}

export interface BoundedChildOptions extends Program {
  /** Bytes of stdout, and of stderr, that are kept; what comes after them is read and dropped. */
  readonly keepBytes: number;
  /** A child whose output together is more than this is ended. */
  readonly floodBytes: number;
  readonly signal: AbortSignal;
  /** What becomes of processes that the program leaves behind when it exits by itself. */
  readonly background: 'goes-on' | 'ends';
  /** Sees the text of stdout as it comes, without a limit. */
  readonly onStdout?: ((text: string) => void) | undefined;
  /** The same for stderr. */
  readonly onStderr?: ((text: string) => void) | undefined;
}

export interface BoundedEnd {
  readonly ending: 'exited' | 'killed' | 'timed-out' | 'aborted' | 'flooded' | 'not-started';
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether stdout was longer than what was kept. */
  readonly isCut: boolean;
  /** How it ended, as the end of a sentence: `ended with exit code 2`. */
  readonly summary: string;
}

export interface BoundedChild {
  /** `undefined` when the program could not be started. */
  readonly pid: number | undefined;
  /**
   * Writes to its standard input; what a child does not read is dropped when it ends. Where it is behind, a promise
   * that resolves when it has caught up, or its input is closed.
   */
  readonly write: (text: string) => Promise<void> | undefined;
  readonly closeInput: () => void;
  /**
   * Ends the child with all that it started: SIGTERM, and SIGKILL for what is there a second later. Resolves when all of
   * it has ended.
   */
  readonly end: (ending: 'timed-out' | 'aborted' | 'flooded', summary: string) => Promise<BoundedEnd>;
  /**
   * Resolves when the program itself has exited and its output was read, never rejects. A process that it left behind is
   * not waited for, even when that holds the output open.
   */
  readonly ended: Promise<BoundedEnd>;
}

/**
 * Starts a program that is not ours, in a process group of its own, and keeps it within bounds. Its whole process tree
 * is ended when it floods, when the signal aborts, and by `end`; also what moved to another process group.
 */
export function startBounded(options: BoundedChildOptions, child = startDirectly(options)): BoundedChild {
  const { signal } = options;
  const stdout = new KeptOutput(options.keepBytes);
  const stderr = new KeptOutput(options.keepBytes);
  let forced: Pick<BoundedEnd, 'ending' | 'summary'> | undefined;
  let treeEnded: Promise<void> | undefined;
  let isOver = false;

  const end: BoundedChild['end'] = (ending, summary) => {
    if (treeEnded === undefined && !isOver) {
      forced = { ending, summary };
      treeEnded = endTree(child);
    }
    return ended;
  };
  const onAbort = (): void => void end('aborted', 'was stopped');
  const take = (output: KeptOutput): ((bytes: Buffer) => void) =>
    ofThisRequest((bytes) => {
      output.take(bytes);
      if (stdout.seenBytes + stderr.seenBytes > options.floodBytes)
        void end('flooded', `wrote more than ${options.floodBytes} bytes`);
    });
  child.stdout.on('data', take(stdout));
  child.stderr.on('data', take(stderr));
  child.stdout.on('data', ofThisRequest(asText(options.onStdout)));
  child.stderr.on('data', ofThisRequest(asText(options.onStderr)));
  // Whoever started it may have read a part.
  child.stdout.resume();
  // A child need not read what it is given; a broken pipe is no failure of it.
  child.stdin.on('error', () => undefined);

  const ended = child.exit
    .then(async (exit) => {
      if (exit.isLost === true) treeEnded ??= endTree(child);
      await drained(() => stdout.seenBytes + stderr.seenBytes);
      isOver = true;
      await treeEnded;
      if (options.background === 'ends') leaveNothing(child);
      const texts = { stdout: stdout.text(), stderr: stderr.text(), isCut: stdout.isCut };
      return { ...endOf(exit), ...forced, exitCode: exit.exitCode, ...texts };
    })
    .finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort);

  return {
    pid: child.pid,
    write: createWrite(child.stdin),
    closeInput: () => child.stdin.end(),
    end,
    ended,
  };
}

function asText(onText: BoundedChildOptions['onStdout']): (bytes: Buffer) => void {
  if (onText === undefined) return () => undefined;
  const decoder = new StringDecoder();
  return (bytes) => {
    onText(decoder.write(bytes));
  };
}

function createWrite(stdin: Writable): BoundedChild['write'] {
  // One for all that is written meanwhile.
  let catchingUp: Promise<void> | undefined;
  return (text) => {
    if (!stdin.writable || stdin.write(text)) return undefined;
    catchingUp ??= caughtUp(stdin).finally(() => {
      catchingUp = undefined;
    });
    return catchingUp;
  };
}

function caughtUp(stdin: EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stdin.off('drain', done).off('close', done);
      resolve();
    };
    stdin.on('drain', done).on('close', done);
  });
}

class KeptOutput {
  readonly #keepBytes: number;
  readonly #chunks: Buffer[] = [];
  seenBytes = 0;

  constructor(keepBytes: number) {
    this.#keepBytes = keepBytes;
  }

  get isCut(): boolean {
    return this.seenBytes > this.#keepBytes;
  }

  take(bytes: Buffer): void {
    const room = this.#keepBytes - this.seenBytes;
    if (room > 0) this.#chunks.push(bytes.subarray(0, room));
    this.seenBytes += bytes.length;
  }

  /** Without the part of a character at a cut. */
  text(): string {
    const decoder = new StringDecoder();
    const text = decoder.write(Buffer.concat(this.#chunks));
    return this.isCut ? text : text + decoder.end();
  }
}

function startDirectly({ file, args, cwd, env }: Program): StartedChild {
  const child = execa(file, args, {
    ...{ cwd, env },
    ...ofOwnGroup,
  });
  const { pid, stdin, stdout, stderr } = child;
  return { pid, stdin, stdout, stderr, exit: exitOf(child), kill: (signal) => child.kill(signal) };
}

interface Subprocess extends PromiseLike<Exit> {
  readonly nodeChildProcess: EventEmitter;
}

/** execa's own promise also waits for whoever holds the output. */
function exitOf(child: Subprocess): Promise<Exit> {
  return Promise.race([
    child,
    new Promise<Exit>((resolve) => {
      child.nodeChildProcess.once('exit', (exitCode: number | null, signal: string | null) => {
        resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined });
      });
    }),
  ]);
}

/**
 * What a program wrote before it exited is in its pipes by then, so a turn of the event loop that brings nothing new is
 * the end of it. Bounded, for a background process may go on writing.
 */
async function drained(seenBytes: () => number): Promise<void> {
  let quietTurns = 0;
  for (let turn = 0; turn < 100 && quietTurns < 2; turn += 1) {
    const before = seenBytes();
    await nextTurn();
    quietTurns = seenBytes() === before ? quietTurns + 1 : 0;
  }
}

/** Ends what is left of the group; what moved to another one may still hold the output, which would keep us from ending. */
function leaveNothing({ pid, stdout, stderr }: StartedChild): void {
  if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  stdout.destroy();
  stderr.destroy();
}

async function endTree(child: StartedChild): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  // Looked up while the parents are there: once those have ended, nothing tells whose children they were.
  const marks = [...(await treeOf(pid))];
  child.kill('SIGTERM');
  await endProcesses(marks, () => treeOf(pid));
  child.kill('SIGKILL');
}

function endOf(exit: Exit): Pick<BoundedEnd, 'ending' | 'summary'> {
  const { exitCode, signal, code } = exit;
  if (exitCode !== undefined) return { ending: 'exited', summary: `ended with exit code ${exitCode}` };
  if (signal !== undefined) return { ending: 'killed', summary: `was ended by ${signal}` };
  const summary = code === 'ENOENT' ? 'was not found' : `could not be started (${code ?? 'no reason given'})`;
  return { ending: 'not-started', summary };
}
