import { Client, type CallToolResult, type PriorDiscovery, type Tool } from '@modelcontextprotocol/client';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { EraVerdicts } from './era-verdicts.ts';
import type { Launch } from './launch.ts';
import { openTransport } from './open-transport.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface ConnectionParts {
  /** Of this program. */
  readonly version: string;
  readonly verdicts: EraVerdicts;
  /** Hears of lines on a server's stdout that are no messages. */
  readonly onNoise: (line: string) => void;
  /** Hears that a server has other tools now. */
  readonly onToolsChanged: () => void;
}

/** One connection of one server, from its start to its end. */
export interface Connection {
  readonly era: 'legacy' | 'modern';
  /** `undefined` where no process is ours. */
  readonly pid: number | undefined;
  /** Those of the server; asked for again once it says that they changed. */
  readonly tools: (signal: AbortSignal) => Promise<readonly Tool[]>;
  readonly call: (tool: string, input: JsonObject, signal: AbortSignal) => Promise<CallToolResult>;
  /** Resolves with how it ended, whoever ended it; never rejects. */
  readonly closed: Promise<string>;
  /** Ends the server where it is a process of ours; resolves when all of it has ended. */
  readonly close: () => Promise<void>;
}

/** How long a server that does not say how long its list of tools is good for is believed, where it tells of changes as well. */
const toolsMs = 300_000;
/** A server that is silent for so long when it is asked which protocol it speaks is of the older kind; it may start slowly. */
const longestProbeMs = 10_000;
const leaveMs = 1_000;

/** Starts or reaches a server. A process is started twice only where the first one ended at the question which protocol it speaks. */
export async function openConnection(
  launch: Launch,
  parts: ConnectionParts,
  signal: AbortSignal,
): Promise<Connection> {
  const { verdicts } = parts;
  const known: PriorDiscovery | undefined =
    launch.kind === 'sse' ? { kind: 'legacy' } : verdicts.get(launch.key);
  const attempt = new Attempt(launch, parts);
  try {
    return await attempt.open(known, signal);
  } catch (error) {
    // It answered something else than what was expected: the next time it is asked again.
    if (attempt.ending() === undefined) verdicts.forget(launch.key);
    const mayBeOld = launch.kind === 'stdio' && known === undefined && attempt.ending() !== undefined;
    if (!mayBeOld || attempt.pid === undefined || signal.aborted) throw attempt.failure(error);
  }
  // Servers of the older kind may end at a question that they do not know.
  verdicts.set(launch.key, { kind: 'legacy' });
  const second = new Attempt(launch, parts);
  try {
    return await second.open({ kind: 'legacy' }, signal);
  } catch (error) {
    throw second.failure(error);
  }
}

type Opened = Awaited<ReturnType<typeof openTransport>>;

class Attempt {
  readonly #launch: Launch;
  readonly #parts: ConnectionParts;
  readonly #client: Client;
  #opened: Opened | undefined;
  pid: number | undefined;

  constructor(launch: Launch, parts: ConnectionParts) {
    this.#launch = launch;
    this.#parts = parts;
    this.#client = new Client(
      { name: 'codex-plus', version: parts.version },
      {
        versionNegotiation: {
          mode: 'auto',
          probe: { timeoutMs: Math.min(launch.startMs / 2, longestProbeMs) },
        },
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: parts.onToolsChanged } },
        defaultCacheTtlMs: toolsMs,
      },
    );
  }

  ending(): string | undefined {
    return this.#opened?.ending();
  }

  /** What a failed attempt is to be blamed on: an end of the process, or what was thrown. */
  failure(error: unknown): Error {
    const ending = this.ending();
    if (ending !== undefined) return new Error(`it ${ending}`, { cause: error });
    return error instanceof Error ? error : new Error(String(error));
  }

  async open(prior: PriorDiscovery | undefined, signal: AbortSignal): Promise<Connection> {
    const client = this.#client;
    const { startMs } = this.#launch;
    const opened = await openTransport(this.#launch, signal, this.#parts.onNoise);
    this.#opened = opened;
    const closed = Promise.withResolvers<string>();
    client.onclose = () => {
      closed.resolve(opened.ending() ?? 'was closed');
    };
    const options = { timeout: startMs, signal, ...(prior !== undefined && { prior }) };
    try {
      await unlessAborted(signal, client.connect(opened.transport, options));
      this.pid = pidOf(opened);
      await this.#listen(prior, signal);
    } catch (error) {
      this.pid = pidOf(opened);
      await opened.transport.close();
      throw error;
    }
    return this.#connection(opened, closed.promise);
  }

  /** The SDK does so itself where it asked for the protocol. */
  async #listen(prior: PriorDiscovery | undefined, signal: AbortSignal): Promise<void> {
    if (prior?.kind !== 'modern' || this.#client.getServerCapabilities()?.tools?.listChanged !== true) return;
    await this.#client.listen({ toolsListChanged: true }, { timeout: this.#launch.startMs, signal });
  }

  #connection(opened: Opened, closed: Promise<string>): Connection {
    const client = this.#client;
    const discover = client.getDiscoverResult();
    this.#parts.verdicts.set(
      this.#launch.key,
      discover === undefined ? { kind: 'legacy' } : { kind: 'modern', discover },
    );
    const timeout = this.#launch.callMs;
    return {
      era: client.getProtocolEra() ?? 'legacy',
      pid: this.pid,
      tools: async (signal) => {
        if (client.getServerCapabilities()?.tools === undefined) return [];
        return (await client.listTools(undefined, { timeout, signal })).tools;
      },
      call: (name, input, signal) => client.callTool({ name, arguments: { ...input } }, { timeout, signal }),
      closed,
      close: async () => {
        await Promise.race([opened.leave().catch(() => undefined), leaveTime()]);
        await client.close();
      },
    };
  }
}

function pidOf({ transport }: Opened): number | undefined {
  return 'pid' in transport && typeof transport.pid === 'number' ? transport.pid : undefined;
}

function leaveTime(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, leaveMs).unref();
  });
}
