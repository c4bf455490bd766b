import type { Log } from '../../../kernel/log.ts';
import { openConnection, type ConnectionParts } from '../client/open-connection.ts';
import type { Connection } from '../connection.ts';
import { redactedConnection } from '../definitions/redacted-connection.ts';
import type { Launch } from '../launch.ts';
import { tellNoiseOnce } from '../transport/tell-noise-once.ts';

interface OpenParts extends Omit<ConnectionParts, 'onNoise' | 'onError'> {
  readonly log: Log;
}

/** Starts or reaches a server; what it does wrong beside its calls stands in the log. */
export async function openServer(
  launch: Launch,
  { log, ...parts }: OpenParts,
  signal: AbortSignal,
): Promise<Connection> {
  const { name } = launch;
  const { secrets, onEvent, now } = parts;
  const { clean, cleanFault, cleanSaid } = secrets;
  const began = now();
  const opened = await openConnection(
    launch,
    {
      ...parts,
      onNoise: tellNoiseOnce(name, { log, clean }),
      onError: ({ message }) => {
        const reason = clean(message);
        log.debug('an MCP server did what it should not', { server: name, reason });
      },
      onEvent: (event) => {
        onEvent(event.kind === 'updated' ? { ...event, uri: cleanSaid(event.uri) } : event);
      },
    },
    signal,
  );
  const connection = redactedConnection(opened, cleanSaid, cleanFault);
  log.info('an MCP server was started', {
    ...{ server: name, pid: connection.pid, ms: Math.round(now() - began) },
  });
  return connection;
}
