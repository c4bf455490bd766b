import { Client } from '@modelcontextprotocol/client';
import type { Connection } from './connection.ts';
import type { Launch } from './launch.ts';
import { openTransport } from './transport/open-transport.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface AttemptParts {
  /** Of this program. */
  readonly version: string;
  /** Hears of lines on a server's stdout that are no messages. */
  readonly onNoise: (line: string) => void;
  /** Hears of what went wrong beside the calls: an answer to nothing that was asked, a stream that broke. */
  readonly onError: (error: Error) => void;
  /** Hears that a server has other tools now. */
  readonly onToolsChanged: () => void;
}

type Opened = Awaited<ReturnType<typeof openTransport>>;

/** How long a list of tools is believed whose server does not say how long. */
const toolsMs = 300_000;
/** A server that is silent for so long when it is asked which protocol it speaks is of the older kind; it may start slowly. */
const longestProbeMs = 10_000;
const leaveMs = 1_000;
/** Our own limit comes first, whose message says what to do. */
const afterOursMs = 5_000;

/** One attempt to connect, which starts at most one process. */
export class ConnectionAttempt {
  readonly #launch: Launch;
  readonly #parts: AttemptParts;
  readonly #client: Client;
  #opened: Opened | undefined;

  constructor(launch: Launch, parts: AttemptParts) {
    this.#launch = launch;
    this.#parts = parts;
    const { version, onToolsChanged, onError } = parts;
    const probe = { timeoutMs: Math.min(launch.startMs / 2, longestProbeMs) };
    this.#client = new Client(
      { name: 'codex-plus', version },
      {
        versionNegotiation: { mode: 'auto', probe },
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: onToolsChanged } },
        defaultCacheTtlMs: toolsMs,
      },
    );
    this.#client.onerror = onError;
  }

  /** Whether a process was started and ended by itself. */
  get hasEnded(): boolean {
    return this.#opened?.pid() !== undefined && this.#opened.ending() !== undefined;
  }

  /** What a failed attempt is to be blamed on: an end of the process, or what was thrown. */
  failure(error: unknown): Error {
    const ending = this.#opened?.ending();
    if (ending !== undefined) return new Error(`it ${ending}`, { cause: error });
    return error instanceof Error ? error : new Error(String(error));
  }

  /** `isOld`: it is not asked whether it speaks the newer protocol. */
  async open(isOld: boolean, signal: AbortSignal): Promise<Connection> {
    const client = this.#client;
    const opened = await openTransport(this.#launch, signal, this.#parts.onNoise);
    signal.throwIfAborted();
    this.#opened = opened;
    const closed = Promise.withResolvers<string>();
    client.onclose = () => {
      closed.resolve(opened.ending() ?? 'was closed');
    };
    const options = {
      ...{ timeout: this.#launch.startMs + afterOursMs, signal },
      ...(isOld && { prior: { kind: 'legacy' as const } }),
    };
    try {
      await unlessAborted(signal, client.connect(opened.transport, options));
    } catch (error) {
      await opened.transport.close();
      throw error;
    }
    return this.#connection(opened, closed.promise);
  }

  #connection(opened: Opened, closed: Promise<string>): Connection {
    const client = this.#client;
    const { callMs: timeout } = this.#launch;
    return {
      era: client.getProtocolEra() ?? 'legacy',
      pid: opened.pid(),
      tools: async (signal) => {
        if (client.getServerCapabilities()?.tools === undefined) return [];
        return (await client.listTools(undefined, { timeout, signal })).tools;
      },
      resources: async (signal) => {
        if (client.getServerCapabilities()?.resources === undefined) return [];
        return (await client.listResources(undefined, { timeout, signal })).resources;
      },
      prompts: async (signal) => {
        if (client.getServerCapabilities()?.prompts === undefined) return [];
        return (await client.listPrompts(undefined, { timeout, signal })).prompts;
      },
      call: (name, input, signal) => client.callTool({ name, arguments: { ...input } }, { timeout, signal }),
      closed,
      close: async () => {
        await Promise.race([opened.leave().catch(this.#parts.onError), leaveTime()]);
        await client.close();
        await opened.sweep();
      },
    };
  }
}

function leaveTime(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, leaveMs).unref();
  });
}
