import type { JsonObject } from '../../../kernel/json-object.ts';
import { UserError } from '../../../kernel/user-error.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { readServerEntry } from '../read-server-entry.ts';

/** Throws a UserError for a name that Claude Code would not take. */
export function checkServerName(name: string): void {
  if (/^[\w-]{1,100}$/.test(name)) return;
  throw new UserError(
    `Invalid name ${visibleLine(name, 100)}. Names can only contain letters, numbers, hyphens, and underscores.`,
  );
}

/** Throws a UserError for an entry that could not be used, whatever its variables are. */
export function checkServerEntry(entry: JsonObject): void {
  const reading = readServerEntry(withoutVariables(entry) as JsonObject);
  if (reading.kind === 'broken') throw new UserError(`Invalid configuration: ${reading.fault}`);
}

/** `https://${HOST}/mcp` is an address for whoever has the variable. */
function withoutVariables(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/\$\{[A-Za-z_]\w*(?::-[^}"\\]*)?\}/g, 'x'));
}
