import { StreamableHTTPClientTransport, type FetchLike, type Transport } from '@modelcontextprotocol/client';
import { hasAuthorization } from '../login/has-authorization.ts';
import type { Logins } from '../login/logins.ts';
import { TokenSource } from '../login/token-source.ts';
import { connectionsToServer } from './connections-to-server.ts';
import { fetchOver } from './fetch-over.ts';
import { butOwnEndpoint } from './own-endpoint.ts';
import { headersOf } from './header-helper.ts';
import { guardCallbacks } from './guard-callbacks.ts';
import { AnswerStreams } from './remote/answer-streams.ts';
import { SseTransport } from './remote/sse-transport.ts';
import type { Launch, RemoteLaunch } from '../launch.ts';
import type { OwnSecrets } from './own-secrets.ts';
import { withRenewedHeaders } from './renewed-headers.ts';
import { withinBounds } from './within-bounds.ts';
import { StdioTransport } from './stdio-transport.ts';

interface OpenTransport {
  readonly transport: Transport;
  /** Whether the server keeps a session for us; known once it is connected. */
  readonly hasSession: () => boolean;
  /** Of the process behind it; `undefined` where there is none. */
  readonly pid: () => number | undefined;
  /** How the process behind it ended by itself; `undefined` while it runs, where we ended it, and where there is none. */
  readonly ending: () => string | undefined;
  /** That our own `/mcp` answered; `undefined` where another server did, or none. */
  readonly refusal: () => Error | undefined;
  /** Resolves when nothing is left of what a process started, however that ended, and no connection is open. */
  readonly sweep: () => Promise<void>;
  /** Takes leave of a server that keeps a session for us. */
  readonly leave: () => Promise<void>;
}

type Headers = Readonly<Record<string, string>>;

interface TransportParts {
  /** Hears of lines on a server's stdout that are no messages. */
  readonly onNoise: (line: string) => void;
  /** Hears that a list has more in it than is used. */
  readonly onCut: (list: string) => void;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  readonly logins: Logins;
  readonly secrets: OwnSecrets;
}

const unreadable = 'sent a message that cannot be read';
const noLeave = (): Promise<void> => Promise.resolve();
const noRefusal = (): undefined => undefined;
const noProcess = { pid: (): undefined => undefined, ending: (): undefined => undefined };

/** What a server is spoken to through; nothing is started or reached yet. */
export async function openTransport(
  launch: Launch,
  signal: AbortSignal,
  { onNoise, onCut, now, logins, secrets }: TransportParts,
): Promise<OpenTransport> {
  if (launch.kind === 'stdio') {
    const transport = new StdioTransport(launch, { onNoise, onCut, now, clean: secrets.clean });
    guardCallbacks(transport, {
      onThrown: () => {
        transport.giveUp(unreadable);
      },
    });
    return {
      ...{ transport, leave: noLeave, refusal: noRefusal, hasSession: () => false },
      pid: () => transport.pid ?? undefined,
      ending: () => transport.ending,
      sweep: () => transport.close(),
    };
  }
  const url = new URL(launch.url);
  const headers = await headersOf(launch, signal);
  secrets.note(headers);
  const connections = connectionsToServer();
  const fetchServer = fetchOver(connections);
  const source = signsIn(launch, headers)
    ? new TokenSource(launch, { fetch: fetchServer, logins, note: secrets.note })
    : undefined;
  const fetchFrom = withHelper(launch, source?.fetch ?? fetchServer, { headers, secrets });
  const streams = new AnswerStreams({ now });
  const bounded = withinBounds(fetchFrom, { now, onCut });
  const { fetch, refusal } = butOwnEndpoint(streams.fetchThrough(bounded));
  const options = {
    requestInit: { headers },
    fetch,
    ...(source !== undefined && { authProvider: source }),
  };
  const remote = { ...noProcess, refusal, sweep: () => connections.close() };
  if (launch.kind === 'sse') {
    const transport = new SseTransport(url, options);
    guardRemote(transport, { onError: transport.onFault });
    return {
      ...{ ...remote, transport },
      ...{ leave: noLeave, hasSession: () => true, ending: () => transport.ending },
    };
  }
  const transport = new StreamableHTTPClientTransport(url, options);
  guardRemote(transport, { onMessage: streams.onMessage });
  streams.watch(transport);
  return {
    ...{ ...remote, transport },
    leave: () => transport.terminateSession(),
    hasSession: () => transport.sessionId !== undefined,
  };
}

function guardRemote(
  transport: Transport,
  hearers: Omit<Parameters<typeof guardCallbacks>[1], 'onThrown'>,
): void {
  const onThrown = (): void => {
    transport.close().catch((error: unknown) => transport.onerror?.(new Error(unreadable, { cause: error })));
  };
  guardCallbacks(transport, { ...hearers, onThrown });
}

/** The helper is run again where the server refuses what it printed before: a token, say, that has ended. */
function withHelper(
  launch: RemoteLaunch,
  fetch: FetchLike,
  { headers: first, secrets }: Pick<TransportParts, 'secrets'> & { readonly headers: Headers },
): FetchLike {
  if (launch.headersHelper === undefined) return fetch;
  const renew = async (): Promise<Headers> => {
    // It has a time limit of its own.
    const headers = await headersOf(launch, new AbortController().signal);
    secrets.note(headers);
    return headers;
  };
  return withRenewedHeaders(fetch, { first, renew });
}

/** A helper may print the credential. */
function signsIn({ oauth }: RemoteLaunch, headers: Headers): boolean {
  return oauth !== undefined && !hasAuthorization(headers);
}
