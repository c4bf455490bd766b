import { ProtocolError } from '@modelcontextprotocol/client';
import { visibleText } from '../../../kernel/visible-text.ts';
import { McpFailure } from '../mcp-failure.ts';

/** What came of a question to a server. */
export type Asked<T> =
  { readonly kind: 'got'; readonly value: T } | { readonly kind: 'failed'; readonly reason: string };

const maxReason = 2_000;

/**
 * Asks a server something that a user waits for. All that goes wrong with it is a reason in words, but for the end of whoever
 * asked, which rejects.
 */
export async function askInTime<T>(
  { signal, maxMs }: { readonly signal: AbortSignal; readonly maxMs: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Asked<T>> {
  const late = AbortSignal.timeout(maxMs);
  try {
    return { kind: 'got', value: await work(AbortSignal.any([signal, late])) };
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) return { kind: 'failed', reason: `it did not answer within ${maxMs / 1_000} s` };
    if (!(error instanceof McpFailure) && !(error instanceof ProtocolError)) throw error;
    return { kind: 'failed', reason: visibleText(error.message.slice(0, maxReason)) };
  }
}
