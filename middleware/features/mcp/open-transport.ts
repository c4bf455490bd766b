import {
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { boundedFetch } from './bounded-fetch.ts';
import { headersOf } from './header-helper.ts';
import type { Launch } from './launch.ts';
import { StdioTransport } from './stdio-transport.ts';

interface OpenTransport {
  readonly transport: Transport;
  /** How the process behind it ended by itself; `undefined` while it runs, where we ended it, and where there is none. */
  readonly ending: () => string | undefined;
  /** Takes leave of a server that keeps a session for us. */
  readonly leave: () => Promise<void>;
}

const nothing = (): undefined => undefined;

/** What a server is spoken to through; nothing is started or reached yet. */
export async function openTransport(
  launch: Launch,
  signal: AbortSignal,
  onNoise: (line: string) => void,
): Promise<OpenTransport> {
  if (launch.kind === 'stdio') {
    const transport = new StdioTransport(launch, onNoise);
    return { transport, ending: () => transport.ending, leave: () => Promise.resolve() };
  }
  const url = new URL(launch.url);
  const options = { requestInit: { headers: await headersOf(launch, signal) }, fetch: boundedFetch };
  if (launch.kind === 'sse') {
    return {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- Servers that speak nothing else are still there.
      transport: new SSEClientTransport(url, options),
      ending: nothing,
      leave: () => Promise.resolve(),
    };
  }
  const transport = new StreamableHTTPClientTransport(url, options);
  return { transport, ending: nothing, leave: () => transport.terminateSession() };
}
