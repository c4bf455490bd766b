import type { Exchange } from '../kernel/exchange.ts';
import { namedInHeaders } from '../platform/config/scopes/find-workspace.ts';
import { digest } from '../protocol/conversation/said-key.ts';

/** Begins what clients tell of the folder in a conversation. */
export const context = Buffer.from('<environment_context>');
const end = Buffer.from('</cwd>');
/** A path has 4 KB at most, and stands first. */
const maxBytes = 5_000;
const maxContexts = 20;

/**
 * What a request tells of its folder, in short: the same as long as it tells the same. `undefined` where that is too much to
 * compare. Whose words they are is not looked at: they change hands only where a client writes its conversation anew.
 */
export function folderSign({ received: { headers, json } }: Pick<Exchange, 'received'>): string | undefined {
  const told = [namedInHeaders(headers)];
  for (let at = json.indexOf(context); at !== -1; at = json.indexOf(context, at + context.length)) {
    if (told.length > maxContexts) return undefined;
    // With the quote in front of it: within another text it is escaped.
    const text = json.subarray(Math.max(0, at - 2), at + maxBytes);
    const length = text.indexOf(end);
    told.push(text.toString('latin1', 0, length === -1 ? text.length : length));
  }
  return digest(JSON.stringify(told));
}
