import type { Api, Client } from '../kernel/exchange.ts';
import { codecOf } from './apis/codec-of.ts';

const codexEvent = Buffer.from('data: {"type":"codex_plus.keepalive"}\n\n');
const comment = Buffer.from(': keepalive\n\n');

/**
 * The keepalive that this client counts as a sign of life. Codex's idle timer is reset by data events only, an unknown
 * type included; an API may have an event of its own; everybody else ignores comments, as the standard asks.
 */
export function keepaliveFrame(client: Client, api: Api): Buffer {
  return codecOf(api).local.keepalive ?? (client.kind === 'codex' ? codexEvent : comment);
}
