import { randomUUID } from 'node:crypto';
import {
  deserializeMessage,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { startBounded, type BoundedChild } from '../../../platform/process/bounded-child.ts';
import { endGently } from '../../../platform/process/end-gently.ts';
import { endProcesses } from '../../../platform/process/end-processes.ts';
import { startedWith } from '../../../platform/process/process-tree.ts';
import type { StdioLaunch } from '../launch.ts';
import { MessageLines } from './message-lines.ts';
import { TextTail } from './text-tail.ts';

/** In characters. */
const maxMessageLength = 10 * 1024 * 1024;
const maxStderrLength = 4_096;
/** How long a server may take to end once its input is closed. */
const graceMs = 500;
/** Tells what a server started from all else, when the server itself is gone. */
const markVariable = 'CODEX_PLUS_MCP_SERVER';

/**
 * A server that is a process of ours, in a process group of its own, spoken to by lines of JSON. Lines that are no
 * messages are passed over. When it is closed, all that the server started ends with it.
 */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  /** The SDK takes what has `stderr` and `pid` for a local pipe, where silence means that a server is of the older kind. */
  readonly stderr = null;
  readonly #launch: StdioLaunch;
  readonly #onNoise: (line: string) => void;
  readonly #lines = new MessageLines(maxMessageLength);
  readonly #stderr = new TextTail(maxStderrLength);
  readonly #mark = randomUUID();
  #child: BoundedChild | undefined;
  #end: string | undefined;
  #isOver = false;
  #closing: Promise<void> | undefined;

  constructor(launch: StdioLaunch, onNoise: (line: string) => void) {
    this.#launch = launch;
    this.#onNoise = onNoise;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** How it ended by itself, with the last of what it wrote to stderr; `undefined` while it runs, and where we ended it. */
  get ending(): string | undefined {
    if (this.#end === undefined) return undefined;
    const said = visibleLine(this.#stderr.text.trim().split('\n').slice(-3).join(' · '), 500);
    return said === '' ? this.#end : `${this.#end}: ${said}`;
  }

  async start(): Promise<void> {
    const { file, args, cwd, env } = this.#launch;
    this.#child = startBounded({
      ...{ file, args, cwd },
      env: { ...env, [markVariable]: this.#mark },
      keepBytes: 0,
      floodBytes: Infinity,
      signal: new AbortController().signal,
      background: 'ends',
      onStdout: (text) => {
        this.#take(text);
      },
      onStderr: (text) => {
        this.#stderr.add(text);
      },
    });
    const ended = this.#child.ended.then(({ summary }) => {
      this.#isOver = true;
      if (this.#closing === undefined) this.#end ??= summary;
      this.onclose?.();
    });
    if (this.#child.pid === undefined) {
      await ended;
      throw new Error(this.ending);
    }
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await this.#child?.write(serializeMessage(message));
  }

  /** Also after it ended by itself: what it left behind ends. */
  close(): Promise<void> {
    this.#closing ??= this.#endAll();
    return this.#closing;
  }

  async #endAll(): Promise<void> {
    // Once it has ended, its process id may be another program's.
    if (this.#child !== undefined && !this.#isOver) await endGently(this.#child, graceMs);
    await endProcesses(await startedWith(markVariable, this.#mark));
  }

  #take(text: string): void {
    if (this.#end !== undefined) return;
    const lines = this.#lines.take(text);
    for (const line of lines ?? []) this.#read(line);
    if (lines === undefined) {
      this.#end = `wrote a line of more than ${maxMessageLength} characters to stdout`;
      this.close().catch((error: unknown) =>
        this.onerror?.(new Error('it could not be ended', { cause: error })),
      );
    }
  }

  #read(line: string): void {
    if (line.trim() === '') return;
    const message = messageIn(line);
    if (message === undefined) this.#onNoise(visibleLine(line.slice(0, 1_000), 200));
    else this.onmessage?.(message);
  }
}

function messageIn(line: string): JSONRPCMessage | undefined {
  try {
    return deserializeMessage(line);
  } catch {
    return undefined;
  }
}
