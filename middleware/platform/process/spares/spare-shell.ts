import type { Socket } from 'node:net';
import type { StartedChild } from '../bounded-child.ts';
import { signalGroup } from '../process-tree.ts';
import { readySign } from './spare-line.ts';

type Exit = Awaited<StartedChild['exit']>;

interface Streams {
  readonly stdin: Socket;
  readonly stdout: Socket;
  readonly stderr: Socket;
}

/** A shell in a session of its own, which waits for a line on its standard input to become another program. */
export class SpareShell {
  readonly #pid: number;
  readonly #streams: Streams;
  readonly #exit = Promise.withResolvers<Exit>();
  readonly #onRunning: (isRunning: boolean) => void;
  #isRunning = false;
  #hasEnded = false;

  constructor(pid: number, streams: Streams, onRunning: (isRunning: boolean) => void) {
    this.#pid = pid;
    this.#streams = streams;
    this.#onRunning = onRunning;
    // A child need not read what it is given; the end of the others tells all that there is to know.
    for (const stream of this.#all) stream.on('error', () => undefined);
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Whether it can be given a line. */
  get isWaiting(): boolean {
    return !this.#isRunning && !this.#hasEnded && !this.#streams.stdout.readableEnded;
  }

  /** Becomes the program that the line says; `undefined` where it does not, and then it has done nothing. */
  async become(line: string, signal: AbortSignal): Promise<StartedChild | undefined> {
    const { stdin, stdout, stderr } = this.#streams;
    this.#isRunning = true;
    this.#onRunning(true);
    for (const stream of this.#all) stream.ref();
    stdin.write(line);
    // Nobody writes there; only so its end is seen.
    stdin.resume();
    const pid = this.#pid;
    const kill = (name: NodeJS.Signals): boolean => signalGroup(pid, name);
    if ((await firstByte(stdout, signal, () => kill('SIGKILL'))) === readySign)
      return { pid, stdin, stdout, stderr, exit: this.#exit.promise, kill };
    this.drop();
    return undefined;
  }

  /** It has ended, or nobody will hear of its end. */
  exited(exit: Exit): void {
    const wasRunning = this.#isRunning;
    this.#isRunning = false;
    this.#hasEnded = true;
    this.#exit.resolve(exit);
    if (!wasRunning) {
      this.drop();
      return;
    }
    // Its output may be held by what it left behind.
    this.#streams.stdin.destroy();
    this.#onRunning(false);
  }

  /** One that waits ends with its input. */
  drop(): void {
    for (const stream of this.#all) stream.destroy();
  }

  get #all(): readonly Socket[] {
    const { stdin, stdout, stderr } = this.#streams;
    return [stdin, stdout, stderr];
  }
}

/** Empty where the stream ends before it, as it does where the signal has the shell killed. What comes behind it is left to be read. */
function firstByte(stream: Socket, signal: AbortSignal, kill: () => void): Promise<string> {
  return new Promise((resolve) => {
    const done = (said: string): void => {
      stream.pause();
      stream.off('data', take).off('close', gone);
      signal.removeEventListener('abort', kill);
      resolve(said);
    };
    const take = (bytes: Buffer): void => {
      done(bytes.toString('latin1', 0, 1));
      if (bytes.length > 1) stream.unshift(bytes.subarray(1));
    };
    const gone = (): void => {
      done('');
    };
    stream.on('data', take).on('close', gone);
    if (signal.aborted) kill();
    else signal.addEventListener('abort', kill);
    // It may have ended before anybody was told of the shell's end.
    if (stream.destroyed) gone();
  });
}
