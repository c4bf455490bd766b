import { randomUUID } from 'node:crypto';
import type { FetchLike } from '@modelcontextprotocol/client';

/** In every answer of `/mcp`: tells this process from all others that are one of these. */
export const ownEndpoint = { header: 'x-codex-plus-endpoint', id: randomUUID() };

/**
 * `fetch` that takes no answer of our own `/mcp`. As one of our servers it would offer every tool a second time, by names
 * that no rule is written for, and wait for itself.
 */
export function butOwnEndpoint(fetchAny: FetchLike): FetchLike {
  return async (url, init) => {
    const answer = await fetchAny(url, init);
    if (answer.headers.get(ownEndpoint.header) !== ownEndpoint.id) return answer;
    await answer.body?.cancel();
    throw new Error('its address is the /mcp of Codex-Plus itself, whose servers are used without it');
  };
}
