import type { Writable } from 'node:stream';
import { execa } from 'execa';
import { eachLine } from './each-line.ts';

export interface ChildOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child; nothing else is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface ChildEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** How it ended, as the end of a sentence: `ended with exit code 2`. */
  readonly summary: string;
}

export interface Child {
  /** `undefined` when the program could not be started. */
  readonly pid: number | undefined;
  /** Its standard input. What is written after its end goes nowhere. */
  readonly input: Writable;
  /** Resolves when the child and all that it started have ended and the last line was delivered; never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** Sends SIGTERM and, to what is still there after the grace time, SIGKILL; resolves when all of it has ended. */
  readonly stop: (graceMs: number) => Promise<ChildEnd>;
}

/**
 * How execa starts a program whose streams, time and end are ours to decide: in a process group of its own, with the environment that it
 * is given and nothing else.
 */
export const ofOwnGroup = {
  extendEnv: false,
  stdin: 'pipe',
  buffer: false,
  reject: false,
  killDescendants: true,
  forceKillAfterDelay: false,
} as const;

/**
 * Starts a program that goes on, in a process group of its own. Its standard input stays open until it is ended here or this
 * process ends in whatever way: a child that reads it learns of our end even when we were killed.
 */
export function startChild(options: ChildOptions): Child {
  const child = execa(options.file, options.args, {
    cwd: options.cwd,
    env: options.env,
    ...ofOwnGroup,
  });
  const lines = (['stdout', 'stderr'] as const).map((stream) =>
    eachLine(child[stream], (line) => {
      options.onLine(line, stream);
    }),
  );
  // When the program has exited, its descendants go with it; until they do, they may hold its output open.
  child.nodeChildProcess.once('exit', () => child.kill('SIGKILL'));
  // A broken pipe means that it has ended, which `ended` tells.
  child.stdin.on('error', () => undefined);
  let isOver = false;
  const ended = endOf(child, lines).finally(() => (isOver = true));
  return {
    pid: child.pid,
    input: child.stdin,
    ended,
    stop: async (graceMs) => {
      // Its process id may be another program's by now.
      if (isOver) return ended;
      const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.kill('SIGTERM');
      try {
        return await ended;
      } finally {
        clearTimeout(kill);
      }
    },
  };
}

async function endOf(child: Promise<Exit>, lines: readonly Promise<void>[]): Promise<ChildEnd> {
  const { exitCode, signal, code } = await child;
  await Promise.all(lines);
  if (exitCode !== undefined) return { exitCode, signal, summary: `ended with exit code ${exitCode}` };
  if (signal !== undefined) return { exitCode, signal, summary: `was ended by ${signal}` };
  const reason = code === 'ENOENT' ? 'was not found' : `could not be started (${code ?? 'no reason given'})`;
  return { exitCode, signal, summary: reason };
}

interface Exit {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
}
