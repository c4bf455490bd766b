import { SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import type { Connection } from '../connection.ts';
import { ConnectionAttempt, type AttemptParts } from './connection-attempt.ts';
import type { Launch } from '../launch.ts';
import type { OldServers } from './old-servers.ts';

export interface ConnectionParts extends AttemptParts {
  readonly oldServers: OldServers;
}

/**
 * Starts or reaches a server. It is started or reached a second time, as one of the older protocol, only where it ended at the
 * question which protocol it speaks, or answered that with a fault of its own.
 */
export async function openConnection(
  launch: Launch,
  parts: ConnectionParts,
  signal: AbortSignal,
): Promise<Connection> {
  const { oldServers } = parts;
  const isOld = oldServers.has(launch);
  const attempt = new ConnectionAttempt(launch, parts);
  try {
    const connection = await attempt.open(isOld, signal);
    if (connection.era === 'legacy') oldServers.add(launch);
    return connection;
  } catch (error) {
    // It runs, and answered something else than an old server would: the next time it is asked again.
    if (!attempt.hasEnded) oldServers.delete(launch);
    const mayBeOld = attempt.hasEnded || isFaultAtQuestion(error);
    if (isOld || !mayBeOld || signal.aborted) throw attempt.failure(error);
  }
  // A fault may be over the next time.
  if (attempt.hasEnded) oldServers.add(launch);
  const second = new ConnectionAttempt(launch, parts);
  try {
    return await second.open(true, signal);
  } catch (error) {
    throw second.failure(error);
  }
}

/** A status of 500 or more, which some servers have for all that they do not know. */
function isFaultAtQuestion(error: unknown): boolean {
  return error instanceof SdkHttpError && error.code === SdkErrorCode.EraNegotiationFailed;
}
