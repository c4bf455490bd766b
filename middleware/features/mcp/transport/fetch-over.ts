import type { FetchLike } from '@modelcontextprotocol/client';
import type { CheckedConnections } from '../../../platform/network/checked-connections.ts';

/** `fetch` over connections of one's own. */
export function fetchOver(connections: CheckedConnections): FetchLike {
  return (url, init) => fetch(url, { ...init, ...connections.optionsFor(new URL(url)) });
}
