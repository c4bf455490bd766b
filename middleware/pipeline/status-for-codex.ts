import type { Exchange } from '../kernel/exchange.ts';
import type { Reply } from '../kernel/reply.ts';
import type { UpstreamAnswer } from '../kernel/upstream.ts';

/**
 * A provider's 500 as a 502 for Codex, which repeats both alike, and for a 500 shows "high demand" instead of what
 * the provider said. Measured with 0.171.0. The ChatGPT backend's own answers stay as they are: Codex knows them.
 */
export function statusForCodex(reply: Reply, { route }: UpstreamAnswer, { client }: Exchange): Reply {
  if (reply.status !== 500 || client.kind !== 'codex' || route === 'chatgpt') return reply;
  const { kind, headers, body } = reply;
  return { kind, status: 502, headers, body };
}
