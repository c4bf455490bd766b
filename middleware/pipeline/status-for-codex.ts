import type { Exchange } from '../kernel/exchange.ts';
import type { Reply } from '../kernel/reply.ts';
import type { UpstreamAnswer } from '../kernel/upstream.ts';

/** What Codex makes less of than of another status that says the same to it. */
const statuses: ReadonlyMap<number, number> = new Map([
  // It repeats both alike, and for a 500 shows "high demand" instead of what the provider said.
  [500, 502],
  // It repeats these, and a 400 it does not.
  [413, 400],
  [422, 400],
]);

/**
 * A provider's answer under a status by which Codex shows its words, and does not repeat what no repetition mends. Measured with 0.171.0.
 * The ChatGPT backend's own answers stay as they are: Codex knows them.
 */
export function statusForCodex(reply: Reply, { route }: UpstreamAnswer, { client }: Exchange): Reply {
  const status = statuses.get(reply.status);
  if (status === undefined || client.kind !== 'codex' || route === 'chatgpt') return reply;
  const { kind, headers, body } = reply;
  return { kind, status, headers, body };
}
