import {
  ProtocolError,
  ProtocolErrorCode,
  type Client,
  type InputRequest,
} from '@modelcontextprotocol/client';
import { keepFaults } from './as-told.ts';
import { BoundedListClient } from './bounded-list-client.ts';
import { CalmedEvents } from './calmed-events.ts';
import { CallersUnderWay } from './callers-under-way.ts';
import { abilitiesOutside, ownAbilities, rootOf } from './own-abilities.ts';
import type { Connection, ListName, ServerEvent } from '../connection.ts';
import { connectedClient } from './connected-client.ts';
import { ResponseStore } from './response-store.ts';
import { createLists } from './create-lists.ts';
import type { Launch } from '../launch.ts';
import type { Logins } from '../login/logins.ts';
import { leftOutOf } from '../transport/bounded-message.ts';
import { openTransport } from '../transport/open-transport.ts';
import type { OwnSecrets } from '../transport/own-secrets.ts';
import { isUnknownSession, maxLooked } from '../failure-of.ts';
import { unlessAborted } from '../unless-aborted.ts';

export interface AttemptParts {
  /** Of this program. */
  readonly version: string;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  readonly logins: Logins;
  readonly secrets: OwnSecrets;
  /** Hears of lines on a server's stdout that are no messages. */
  readonly onNoise: (line: string) => void;
  /** Hears of what went wrong beside the calls: an answer to nothing that was asked, a stream that broke. */
  readonly onError: (error: Error) => void;
  readonly onEvent: (event: ServerEvent) => void;
  /** Hears that a list was read, for whomever that was. */
  readonly onRead: (list: ListName) => void;
  /** Hears that a list has more in it than is used. */
  readonly onCut: (list: string) => void;
}

type Opened = Awaited<ReturnType<typeof openTransport>>;

/** A server that is silent for so long when it is asked which protocol it speaks is of the older kind; it may start slowly. */
const longestProbeMs = 10_000;
const leaveMs = 1_000;
/** How long a sign of life is waited for. */
const signMs = 5_000;
/** Our own limit comes first, whose message says what to do. */
const afterOursMs = 5_000;

/** One attempt to connect, which starts at most one process. */
export class ConnectionAttempt {
  readonly #launch: Launch;
  readonly #parts: AttemptParts;
  readonly #client: Client;
  readonly #callers: CallersUnderWay;
  readonly #lists: ReturnType<typeof createLists>;
  #opened: Opened | undefined;

  constructor(launch: Launch, parts: AttemptParts) {
    this.#launch = launch;
    this.#parts = parts;
    const { version, now, onEvent, onRead, onError, onCut } = parts;
    this.#callers = new CallersUnderWay(now);
    const probe = { timeoutMs: Math.min(launch.startMs / 2, longestProbeMs) };
    this.#client = new BoundedListClient(
      { name: 'codex-plus', version },
      {
        versionNegotiation: { mode: 'auto', probe },
        capabilities: launch.abilities ?? ownAbilities(launch),
        listChanged: {
          tools: changed(() => {
            events.tell({ kind: 'changed', what: 'tools' });
          }),
          prompts: changed(() => {
            events.tell({ kind: 'changed', what: 'prompts' });
          }),
          resources: changed(() => {
            events.tell({ kind: 'changed', what: 'resources' });
          }),
        },
        responseCacheStore: new ResponseStore(),
      },
      onCut,
    );
    this.#lists = createLists(this.#client, { maxMs: launch.callMs, now, onRead });
    const events = new CalmedEvents((event) => {
      if (event.kind === 'changed') this.#lists.changed(event.what);
      onEvent(event);
    });
    this.#client.onerror = ({ message }) => {
      // All of a message may stand in it.
      onError(new Error(message.slice(0, maxLooked)));
    };
    this.#client.setNotificationHandler('notifications/resources/updated', ({ params: { uri } }) => {
      events.tell({ kind: 'updated', uri });
    });
    this.#client.setNotificationHandler('notifications/message', ({ params }) => {
      this.#callers.log(params);
    });
    this.#answerQuestions();
  }

  /** Only of the kinds that were declared: the SDK refuses all others. */
  #answerQuestions(): void {
    const { abilities } = this.#launch;
    const folder = rootOf(this.#launch);
    if (abilities === undefined && folder !== undefined)
      this.#client.setRequestHandler('roots/list', () => ({ roots: [folder] }));
    const { roots } = abilities ?? {};
    const { elicitation, sampling } = abilities ?? ownAbilities(this.#launch);
    const ask = async (question: InputRequest, signal: AbortSignal): Promise<never> =>
      // Whoever answers is a client of the protocol as well; the SDK checks what it said.
      (await this.#callers.ask(question, signal)) as never;
    if (elicitation !== undefined)
      this.#client.setRequestHandler('elicitation/create', (question, { mcpReq }) => {
        const tooMuch = leftOutOf(question.params);
        if (tooMuch !== undefined)
          throw new ProtocolError(
            ProtocolErrorCode.InvalidParams,
            `${tooMuch} is shown to nobody: ask for less`,
          );
        return ask(question, mcpReq.signal);
      });
    if (sampling !== undefined)
      this.#client.setRequestHandler('sampling/createMessage', (question, { mcpReq }) =>
        ask(question, mcpReq.signal),
      );
    if (roots !== undefined)
      this.#client.setRequestHandler('roots/list', (question, { mcpReq }) => ask(question, mcpReq.signal));
  }

  /** Whether a process was started and ended by itself. */
  get hasEnded(): boolean {
    return this.#opened?.pid() !== undefined && this.#opened.ending() !== undefined;
  }

  /** What a failed attempt is to be blamed on: that it came to our own `/mcp`, an end of the process, or what was thrown. */
  failure(error: unknown): Error {
    const refusal = this.#opened?.refusal();
    if (refusal !== undefined) return refusal;
    const ending = this.#opened?.ending();
    if (ending !== undefined) return new Error(`it ${ending}`, { cause: error });
    return error instanceof Error ? error : new Error(String(error));
  }

  /** `isOld`: it is not asked whether it speaks the newer protocol. */
  async open(isOld: boolean, signal: AbortSignal): Promise<Connection> {
    const client = this.#client;
    const opened = await openTransport(this.#launch, signal, this.#parts);
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
    keepFaults(opened.transport);
    return this.#connection(opened, closed.promise);
  }

  #connection(opened: Opened, closed: Promise<string>): Connection {
    const client = this.#client;
    const { callMs } = this.#launch;
    return {
      ...connectedClient({
        ...{ client, callMs, closed, callers: this.#callers, lists: this.#lists.lists },
        isRemote: this.#launch.kind !== 'stdio',
        unseenAbilities: this.#launch.abilities ?? abilitiesOutside(this.#launch),
      }),
      hasSession: opened.hasSession(),
      isForgotten: async () => {
        try {
          await client.ping({ timeout: signMs });
        } catch (error) {
          return isUnknownSession(error);
        }
        return false;
      },
      pid: opened.pid(),
      closed,
      close: async () => {
        await Promise.race([opened.leave().catch(this.#parts.onError), leaveTime()]);
        await client.close();
        await opened.sweep();
      },
    };
  }
}

/** Told at once; whoever wants the list asks for it. */
function changed(onChanged: () => void): { autoRefresh: false; debounceMs: 0; onChanged: () => void } {
  return { autoRefresh: false, debounceMs: 0, onChanged };
}

function leaveTime(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, leaveMs).unref();
  });
}
