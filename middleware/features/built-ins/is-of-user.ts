import { headerValue } from '../../kernel/headers.ts';
import type { Exchange } from '../../kernel/exchange.ts';

/**
 * Whether it is the user who speaks. What runs without a sandbox is not for models to configure, who write the prompts of
 * subagents, nor for programs that pass on what others wrote. Codex alone says whose prompt it is.
 */
export function isOfUser({ client, turn, request }: Exchange): boolean {
  const isTold = headerValue(request.headers, 'x-codex-turn-metadata') !== undefined;
  return client.kind === 'codex' && isTold && turn.kind === 'user' && !turn.isOneShot;
}
