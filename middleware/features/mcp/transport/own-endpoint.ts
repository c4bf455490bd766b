import { randomUUID } from 'node:crypto';
import type { FetchLike } from '@modelcontextprotocol/client';

/** In every answer of `/mcp`: tells this process from all others that are one of these. */
export const ownEndpoint = { header: 'x-codex-plus-endpoint', id: randomUUID() };

/** What is told of an entry that leads there. */
export const ownEndpointText = 'is the /mcp of Codex-Plus itself: left out here, its client uses it';

/** A server that turned out to be our own `/mcp`. */
export class OwnEndpoint extends Error {
  constructor() {
    super(ownEndpointText);
  }
}

interface OtherEndpoint {
  readonly fetch: FetchLike;
  /** That an answer was our own: of what is thrown, the SDK may keep the words alone. */
  readonly refusal: () => OwnEndpoint | undefined;
}

/**
 * `fetch` that takes no answer of our own `/mcp`. As one of our servers it would offer every tool a second time, by names
 * that no rule is written for, and wait for itself.
 */
export function butOwnEndpoint(fetchAny: FetchLike): OtherEndpoint {
  let refusal: OwnEndpoint | undefined;
  const fetch: FetchLike = async (url, init) => {
    const answer = await fetchAny(url, init);
    if (answer.headers.get(ownEndpoint.header) !== ownEndpoint.id) return answer;
    await answer.body?.cancel();
    refusal = new OwnEndpoint();
    throw refusal;
  };
  return { fetch, refusal: () => refusal };
}
