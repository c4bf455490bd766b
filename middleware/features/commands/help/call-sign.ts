import type { Exchange } from '../../../kernel/exchange.ts';

/** How a client calls a command: Codex's interface keeps `/name` for its own. */
export type CallSign = '/' | '$';

/** The sign that works where a request comes from. */
export function callSignOf({ client, turn }: Pick<Exchange, 'client' | 'turn'>): CallSign {
  return client.kind === 'codex' && !turn.isOneShot ? '$' : '/';
}

/** A text that names calls of `/mcp` for nobody in particular, as they are written where a request comes from. */
export function withCallSign(text: string, exchange: Pick<Exchange, 'client' | 'turn'>): string {
  return text.replaceAll('`/mcp ', () => `\`${callSignOf(exchange)}mcp `);
}
