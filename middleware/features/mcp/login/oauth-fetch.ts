import type { FetchLike } from '@modelcontextprotocol/client';
import { boundedAnswer } from '../bounded-fetch.ts';

const answerMs = 30_000;
/** Metadata, a registration or tokens; some of it is kept. */
const maxBytes = 256 * 1024;

/** `fetch` for authorization servers: bounded in size and in time. */
export const oauthFetch: FetchLike = async (url, init) => {
  const late = AbortSignal.timeout(answerMs);
  const given = init?.signal ?? undefined;
  const signal = given === undefined ? late : AbortSignal.any([given, late]);
  return boundedAnswer(await fetch(url, { ...init, signal }), maxBytes, (size, bytes) => size + bytes.length);
};
