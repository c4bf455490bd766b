import type { FetchLike } from '@modelcontextprotocol/client';
import { boundedFetch } from '../bounded-fetch.ts';

const answerMs = 30_000;

/** `fetch` for authorization servers: bounded in size and in time. */
export const oauthFetch: FetchLike = (url, init) => {
  const late = AbortSignal.timeout(answerMs);
  const given = init?.signal ?? undefined;
  return boundedFetch(url, { ...init, signal: given === undefined ? late : AbortSignal.any([given, late]) });
};
