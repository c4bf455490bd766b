import { fork, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface WorkerProgram {
  /** The file that Node runs. */
  readonly file: URL;
  readonly nodeOptions: readonly string[];
  /** The whole environment of the process; nothing else is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A process of ours that talks in messages, which may hold buffers. */
export interface WorkerProcess {
  /** `undefined` when it could not be started. */
  readonly pid: number | undefined;
  /** Sends a message; one that finds the process gone is lost. */
  readonly post: (message: object) => void;
  /** Resolves with how it ended, as the end of a sentence: `ended with exit code 2`; never rejects. */
  readonly ended: Promise<string>;
  /** Ends it at once, and with it every connection that it has. */
  readonly kill: () => void;
}

/** Starts a file of ours in a process of its own. It learns of our end, in whatever way, by its `disconnect` event. */
export function forkWorker(program: WorkerProgram, onMessage: (message: unknown) => void): WorkerProcess {
  const child = fork(fileURLToPath(program.file), [], {
    execArgv: [...program.nodeOptions],
    env: { ...program.env },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', onMessage);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`could not be started (${error.message})`);
    });
    child.once('exit', (exitCode, signal) => {
      resolve(signal === null ? `ended with exit code ${exitCode ?? 0}` : `was ended by ${signal}`);
    });
  });
  return {
    pid: child.pid,
    // Given so that a channel that is closed already is no error event.
    post: (message) => child.send(message, () => undefined),
    ended,
    kill: () => child.kill('SIGKILL'),
  };
}

/**
 * Runs the file to its end without a channel, which shows whether it loads; returns what it said on stderr if it
 * does not.
 */
export function tryWorker({ file, nodeOptions, env }: WorkerProgram): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, [...nodeOptions, fileURLToPath(file)], {
    env: { ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 30_000,
  });
  return status === 0 ? undefined : stderr;
}
