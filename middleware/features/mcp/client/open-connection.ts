import type { Connection } from '../connection.ts';
import { ConnectionAttempt, type AttemptParts } from './connection-attempt.ts';
import type { Launch } from '../launch.ts';
import type { OldServers } from './old-servers.ts';

export interface ConnectionParts extends AttemptParts {
  readonly oldServers: OldServers;
}

/** Starts or reaches a server. A process is started twice only where the first one ended at the question which protocol it speaks. */
export async function openConnection(
  launch: Launch,
  parts: ConnectionParts,
  signal: AbortSignal,
): Promise<Connection> {
  const { oldServers } = parts;
  // Nothing newer was ever spoken over SSE.
  const isOld = launch.kind === 'sse' || oldServers.has(launch.key);
  const attempt = new ConnectionAttempt(launch, parts);
  try {
    const connection = await attempt.open(isOld, signal);
    if (connection.era === 'legacy') oldServers.add(launch.key);
    return connection;
  } catch (error) {
    // It runs, and answered something else than an old server would: the next time it is asked again.
    if (!attempt.hasEnded) oldServers.delete(launch.key);
    if (isOld || !attempt.hasEnded || signal.aborted) throw attempt.failure(error);
  }
  oldServers.add(launch.key);
  const second = new ConnectionAttempt(launch, parts);
  try {
    return await second.open(true, signal);
  } catch (error) {
    throw second.failure(error);
  }
}
