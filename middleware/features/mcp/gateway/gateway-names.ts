import { createHash } from 'node:crypto';

/** Whether what a server offers has the server's name before its own, at one endpoint for all servers. */
export type PrefixMode = 'always' | 'conflict' | 'never';

/** What one server offers. */
export interface Offered<Item> {
  readonly server: string;
  readonly items: readonly Item[];
  /** It has not told yet what it offers. */
  readonly isUnknown?: boolean;
}

/** One of it, under the name that clients of the endpoint use. */
export interface Named<Item> {
  readonly name: string;
  readonly server: string;
  readonly item: Item;
}

/** Which server something is of, and what it is called there. */
export interface FoundName {
  readonly server: string;
  readonly name: string;
}

interface NamesOptions {
  readonly prefix: PrefixMode;
  /** Names that are ours. */
  readonly reserved: ReadonlySet<string>;
  /** Names that stay those of what they were told for. */
  readonly staying: ReadonlyMap<string, FoundName>;
}

const separator = '__';
/** What the protocol allows. */
const maxLength = 128;

/**
 * The names of all that servers offer. With `always` a name depends on its own server alone; with `conflict` only what two
 * of them name alike has the server before it; with `never` the first server keeps such a name, and the others' is left out.
 * A name that stays is no other's in any case.
 */
export function gatewayNames<Item extends { readonly name: string }>(
  offered: readonly Offered<Item>[],
  { prefix, reserved, staying }: NamesOptions,
): readonly Named<Item>[] {
  const counts = new Map<string, number>([...reserved].map((name) => [name, 1]));
  for (const { items } of offered)
    for (const name of new Set(items.map((item) => item.name))) counts.set(name, (counts.get(name) ?? 0) + 1);
  const taken = new Set(reserved);
  const named: Named<Item>[] = [];
  for (const { server, items } of offered) {
    for (const item of items) {
      const isOther = (name: string): boolean => isAnothers(staying.get(name), server, item);
      const isAlone = staying.has(item.name) ? !isOther(item.name) : counts.get(item.name) === 1;
      const isPlain = prefix === 'never' || (prefix === 'conflict' && isAlone);
      const name = isPlain ? item.name : prefixedName(server, item.name);
      if (taken.has(name) || isOther(name)) continue;
      taken.add(name);
      named.push({ name, server, item });
    }
  }
  return named;
}

function isAnothers(told: FoundName | undefined, server: string, item: { readonly name: string }): boolean {
  return told !== undefined && (told.server !== server || told.name !== item.name);
}

/** The server before the name. What is too long is cut, and told apart by a digest. */
function prefixedName(server: string, name: string): string {
  const whole = `${serverPrefix(server)}${separator}${name}`;
  if (whole.length <= maxLength) return whole;
  const end = `_${digest(whole)}`;
  return whole.slice(0, maxLength - end.length) + end;
}

/** Which of the servers a prefixed name is of, and the name there; `undefined` for one without, or one that was cut. */
export function splitName(
  name: string,
  servers: Iterable<string>,
): { readonly server: string; readonly name: string } | undefined {
  const at = name.indexOf(separator);
  if (at <= 0 || name.length === maxLength) return undefined;
  for (const server of servers) {
    if (serverPrefix(server) === name.slice(0, at))
      return { server, name: name.slice(at + separator.length) };
  }
  return undefined;
}

/** Where the first separator stands is where the server's name ends: it has none in it, and no `_` at its end. */
function serverPrefix(server: string): string {
  const plain = server
    .replaceAll(/[^A-Za-z0-9_-]/g, '_')
    .replaceAll(/_{2,}/g, '_')
    .replaceAll(/^_|_$/g, '');
  return plain === server ? server : `${plain.slice(0, 48)}-${digest(server)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
