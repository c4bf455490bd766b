import type { Api, Client } from '../../kernel/exchange.ts';

const codexEvent = Buffer.from('data: {"type":"codex_plus.keepalive"}\n\n');
const anthropicPing = Buffer.from('event: ping\ndata: {"type": "ping"}\n\n');
const comment = Buffer.from(': keepalive\n\n');

/**
 * The keepalive that this client counts as a sign of life. Codex's idle timer is reset by data events only, an unknown
 * type included; the Messages API has a ping event of its own; everybody else ignores comments, as the standard asks.
 */
export function keepaliveFrame(client: Client, api: Api): Buffer {
  if (api === 'messages') return anthropicPing;
  return client.kind === 'codex' ? codexEvent : comment;
}
