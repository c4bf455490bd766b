import type { FetchLike } from '@modelcontextprotocol/client';
import type { CheckedConnections } from '../../../platform/network/checked-connections.ts';
import { boundedAnswer } from '../bounded-answer.ts';

const answerMs = 30_000;
/** Metadata, a registration or tokens; some of it is kept. */
const maxBytes = 256 * 1024;

/** `fetch` for authorization servers: bounded in size and in time. */
export function oauthFetchOver(connections: CheckedConnections): FetchLike {
  return async (url, init) => {
    const late = AbortSignal.timeout(answerMs);
    const given = init?.signal ?? undefined;
    const signal = given === undefined ? late : AbortSignal.any([given, late]);
    const answer = await fetch(url, { ...init, signal, ...connections.optionsFor(new URL(url)) });
    return boundedAnswer(answer, maxBytes);
  };
}
