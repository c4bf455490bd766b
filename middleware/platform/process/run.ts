import { execa } from 'execa';
import { eachLine } from './each-line.ts';

export interface RunOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child; nothing else is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Cap on the characters of stdout and on those of stderr; a child that writes more is ended. */
  readonly maxOutputLength: number;
  readonly signal: AbortSignal;
  /** Sees every line of both streams as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  readonly ending: 'exited' | 'killed' | 'timed-out' | 'aborted' | 'too-much-output' | 'not-started';
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** How it ended, as the end of a sentence: `ended with exit code 2`. */
  readonly summary: string;
}

/** What is sent SIGTERM and stays gets SIGKILL after this time. */
const killAfterMs = 1_000;

/**
 * Runs a program to its end without a shell and tells how it ended; never throws.
 * At a limit the whole process tree is ended, not only the program.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const child = execa(options.file, options.args, {
    cwd: options.cwd,
    env: options.env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: options.timeoutMs,
    maxBuffer: options.maxOutputLength,
    cancelSignal: options.signal,
    killDescendants: true,
    forceKillAfterDelay: killAfterMs,
  });
  const { onLine } = options;
  const lines =
    onLine === undefined ? [] : [child.stdout, child.stderr].map((output) => eachLine(output, onLine));
  const result = await child;
  await Promise.all(lines);
  const ending = endingOf(result);
  // What ignored SIGTERM and holds none of our pipes is still there.
  if (ending !== 'exited' && ending !== 'not-started') child.kill('SIGKILL');
  return {
    ending,
    exitCode: result.exitCode,
    stdout: result.stdout,
    stderr: result.stderr,
    summary: summaryOf(ending, result, options),
  };
}

interface Ended {
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly isMaxBuffer: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
}

function endingOf(result: Ended): RunResult['ending'] {
  if (result.timedOut) return 'timed-out';
  if (result.isCanceled) return 'aborted';
  if (result.isMaxBuffer) return 'too-much-output';
  if (result.exitCode !== undefined) return 'exited';
  return result.signal === undefined ? 'not-started' : 'killed';
}

function summaryOf(ending: RunResult['ending'], result: Ended, options: RunOptions): string {
  switch (ending) {
    case 'exited':
      return `ended with exit code ${result.exitCode ?? 0}`;
    case 'killed':
      return `was ended by ${result.signal ?? 'a signal'}`;
    case 'timed-out':
      return `did not end within ${options.timeoutMs / 1000} s`;
    case 'aborted':
      return 'was stopped';
    case 'too-much-output':
      return `wrote more than ${options.maxOutputLength} characters`;
    case 'not-started':
      return result.code === 'ENOENT'
        ? 'was not found'
        : `could not be started (${result.code ?? 'no reason given'})`;
  }
}
