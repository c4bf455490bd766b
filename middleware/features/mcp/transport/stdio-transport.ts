import { randomUUID } from 'node:crypto';
import {
  parseJSONRPCMessage,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import type { JsonObject } from '../../../kernel/json-object.ts';
import { countTextValues } from '../../../kernel/bounds/has-text-more-values.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { startBounded, type BoundedChild } from '../../../platform/process/bounded-child.ts';
import { endGently } from '../../../platform/process/end-gently.ts';
import { endWatch, type Watched } from '../../../platform/process/end-watch.ts';
import { endProcesses } from '../../../platform/process/end-processes.ts';
import { startedWith } from '../../../platform/process/process-tree.ts';
import type { StdioLaunch } from '../launch.ts';
import { fewValues, headOf, readMessage } from './bounded-message.ts';
import { TextLines } from '../../../platform/process/text-lines.ts';
import { changes, maxUnasked, maxUnaskedValues, PerSecond } from './per-second.ts';
import { tellingLines } from './telling-lines.ts';
import { TextTail } from './text-tail.ts';

/** In characters. */
const maxMessageLength = 10 * 1024 * 1024;
const maxStderrLength = 4_096;
/** Answers to requests of the server that it has not read. */
const maxUnread = 1_000;
/** How long a server may take to end once its input is closed. */
const graceMs = 500;
/** Tells what a server started from all else, when the server itself is gone. */
const markVariable = 'CODEX_PLUS_MCP_SERVER';

interface StdioOptions {
  /** Hears of lines that are no messages. */
  readonly onNoise: (line: string) => void;
  /** Hears that a list has more in it than is used. */
  readonly onCut: (list: string) => void;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** Takes out of what it says what nobody is to read. */
  readonly clean: (text: string) => string;
}

/** The system tells a program that is not there and a folder that is not there by one error. */
function notStartedIn({ file, cwd }: StdioLaunch): string {
  const where = file.includes('/') ? '' : ' in the folders of PATH';
  return `: there is no program ${visibleLine(file, 200)}${where}, or no folder ${visibleLine(cwd, 200)} to start it in`;
}

/**
 * A server that is a process of ours, in a process group of its own, spoken to by lines of JSON. Lines that are no
 * messages are passed over. When it is closed, or this process is killed, all that the server started ends with it; one that
 * floods us is ended.
 */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  /** The SDK takes what has `stderr` and `pid` for a local pipe, where silence means that a server is of the older kind. */
  readonly stderr = null;
  readonly #launch: StdioLaunch;
  readonly #options: StdioOptions;
  readonly #lines = new TextLines(maxMessageLength);
  readonly #stderr = new TextTail(maxStderrLength);
  readonly #mark = randomUUID();
  readonly #unasked: PerSecond;
  readonly #unaskedValues: PerSecond;
  /** Changes that came too often, by their methods; told when the second is over. */
  readonly #due = new Map<string, JsonObject>();
  /** Requests of ours without an answer. */
  #awaited = 0;
  #unread = 0;
  #child: BoundedChild | undefined;
  #watched: Watched | undefined;
  #end: string | undefined;
  #isOver = false;
  #closing: Promise<void> | undefined;

  constructor(launch: StdioLaunch, options: StdioOptions) {
    this.#launch = launch;
    this.#options = options;
    this.#unasked = new PerSecond(maxUnasked, options.now);
    this.#unaskedValues = new PerSecond(maxUnaskedValues, options.now);
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** How it ended by itself, with what it wrote to stderr about it; `undefined` while it runs, and where we ended it. */
  get ending(): string | undefined {
    if (this.#end === undefined) return undefined;
    const said = visibleLine(tellingLines(this.#options.clean(this.#stderr.text)).join(' · '), 500);
    return said === '' ? this.#end : `${this.#end}: ${said}`;
  }

  async start(): Promise<void> {
    const { file, args, cwd, env } = this.#launch;
    this.#watched = endWatch.watch();
    this.#child = startBounded({
      ...{ file, args, cwd },
      env: { ...env, ...this.#watched.env, [markVariable]: this.#mark },
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
    const ended = this.#child.ended.then(({ ending, summary }) => {
      this.#isOver = true;
      const where = ending === 'not-started' ? notStartedIn(this.#launch) : '';
      if (this.#closing === undefined) this.#end ??= `${summary}${where}`;
      this.onclose?.();
    });
    if (this.#child.pid !== undefined) this.#watched.started(this.#child.pid);
    else {
      this.#watched.release();
      await ended;
      throw new Error(this.ending);
    }
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const isRequest = 'method' in message && 'id' in message;
    if (isRequest) this.#awaited += 1;
    const caughtUp = this.#child?.write(serializeMessage(message));
    if (caughtUp === undefined) return;
    const isAnswer = !('method' in message);
    if (isAnswer) this.#unread += 1;
    if (this.#unread > maxUnread)
      this.giveUp(`asked us more than ${maxUnread} things whose answers it does not read`);
    await caughtUp;
    if (isAnswer) this.#unread -= 1;
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
    this.#watched?.release();
  }

  #take(text: string): void {
    const lines = this.#lines.take(text);
    for (const line of lines ?? []) {
      if (this.#end !== undefined) return;
      this.#read(line);
    }
    if (lines === undefined)
      this.giveUp(`wrote a line of more than ${maxMessageLength} characters to stdout`);
  }

  #read(line: string): void {
    if (line.trim() === '') return;
    const isObject = line.trimStart().startsWith('{');
    const parse = (): JsonObject | undefined =>
      isObject ? readMessage(line, this.#options.onCut) : undefined;
    const values = isObject ? countTextValues(line, maxUnaskedValues) : 0;
    // What has many values is not parsed before it may be.
    const head = values > fewValues ? headOf(line) : parse();
    if (this.#isAwaited(head)) this.#awaited -= 1;
    else if (!this.#unasked.take()) {
      this.#tooMuch(head, `${maxUnasked} lines`);
      return;
    } else if (!this.#unaskedValues.take(values)) {
      this.#tooMuch(head, `${maxUnaskedValues} values`);
      return;
    }
    const found = values > fewValues ? parse() : head;
    const message = found && messageOf(found);
    if (message === undefined) this.#options.onNoise(line.slice(0, 1_000));
    else this.onmessage?.(message);
  }

  #isAwaited(found: JsonObject | undefined): boolean {
    return this.#awaited > 0 && found?.['id'] !== undefined && found['method'] === undefined;
  }

  /** News may be left out; nothing else may. */
  #tooMuch(found: JsonObject | undefined, bound: string): void {
    const method = found?.['method'];
    if (found === undefined || typeof method !== 'string' || found['id'] !== undefined) {
      this.giveUp(`wrote more than ${bound} in a second that nobody asked for`);
      return;
    }
    if (!changes.has(method)) return;
    if (this.#due.size === 0)
      setTimeout(() => {
        this.#tellDue();
      }, 1_000).unref();
    this.#due.set(method, { jsonrpc: '2.0', method });
  }

  #tellDue(): void {
    const due = [...this.#due.values()];
    this.#due.clear();
    for (const found of due) {
      const message = messageOf(found);
      if (message !== undefined) this.onmessage?.(message);
    }
  }

  /** Ends it, for a reason that `ending` tells. */
  giveUp(reason: string): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    this.close().catch((error: unknown) =>
      this.onerror?.(new Error('it could not be ended', { cause: error })),
    );
  }
}

function messageOf(found: JsonObject): JSONRPCMessage | undefined {
  try {
    return parseJSONRPCMessage(found);
  } catch {
    return undefined;
  }
}
