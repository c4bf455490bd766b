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
  const reading = readServerEntry(withoutVariables(entry));
  if (reading.kind === 'broken') throw new UserError(`Invalid configuration: ${reading.fault}`);
}

const variable = /\$\{[A-Za-z_]\w*(?::-[^}"\\]*)?\}/g;

/** `https://${HOST}/mcp` is an address for whoever has the variable, and so is `${URL}`. */
function withoutVariables(entry: JsonObject): JsonObject {
  const filled = JSON.parse(JSON.stringify(entry).replaceAll(variable, 'x')) as JsonObject;
  const { url } = entry;
  return typeof url === 'string' ? { ...filled, url: url.replaceAll(variable, partOfUrl) } : filled;
}

/** Something that a variable may stand for at this place of an address. */
function partOfUrl(written: string, at: number, url: string): string {
  if (at === 0) return url.startsWith('://', written.length) ? 'https' : 'https://x';
  return url[at - 1] === ':' ? '1' : 'x';
}
