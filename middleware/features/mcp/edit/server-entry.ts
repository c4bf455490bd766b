import type { JsonObject } from '../../../kernel/json-object.ts';
import { UserError } from '../../../kernel/user-error.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';

/** A server as its user names it. */
export interface NamedServer {
  readonly name: string;
  /** The program, or the URL. */
  readonly target: string;
  readonly args: readonly string[];
}

/** What is said of a server beside that, by the options of `mcp add`. */
export interface EntryOptions {
  readonly transport?: string;
  readonly env?: readonly string[];
  readonly header?: readonly string[];
  readonly clientId?: string;
  readonly callbackPort?: string;
}

export interface NewEntry {
  readonly transport: 'stdio' | 'http' | 'sse';
  readonly entry: JsonObject;
}

/** The entry of a server, as Claude Code writes it. Throws a UserError for what cannot be one. */
export function newEntry({ target, args }: NamedServer, options: EntryOptions): NewEntry {
  const transport = transportOf(target, options.transport);
  const entry =
    transport === 'stdio' ? stdioEntry(target, args, options) : remoteEntry(transport, target, args, options);
  return { transport, entry };
}

const likeAddress =
  'that looks like an address, and not like a program: a server at a URL is written with https:// or http:// before its host; for a program of that name, say `--transport stdio`, or put `./` before it';

/** Another scheme, or a host with a port or a path behind it. */
function isLikeAddress(target: string): boolean {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(target)) return true;
  return /^(?:localhost|\[[\da-f:.]+\]|[a-z\d-]+(?:\.[a-z\d-]+)+)(?::\d+(?:\/|$)|\/)/i.test(target);
}

function transportOf(target: string, named: string | undefined): NewEntry['transport'] {
  switch (named) {
    case undefined:
      if (/^https?:\/\//i.test(target)) return 'http';
      if (isLikeAddress(target)) throw new UserError(likeAddress);
      return 'stdio';
    case 'stdio':
    case 'sse':
    case 'http':
      return named;
    case 'streamable-http':
      return 'http';
    default:
      throw new UserError(
        `Invalid transport type: ${visibleLine(named, 100)}. Must be one of: stdio, sse, http (or streamable-http)`,
      );
  }
}

function stdioEntry(command: string, args: readonly string[], options: EntryOptions): JsonObject {
  const { env = [], header, clientId, callbackPort } = options;
  const [wrong] = Object.entries({
    '--header': header,
    '--client-id': clientId,
    '--callback-port': callbackPort,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (wrong !== undefined) throw new UserError(`${wrong} is for servers at a URL, not for programs`);
  return { type: 'stdio', command, args, env: Object.fromEntries(env.map(variableOf)) };
}

function remoteEntry(
  type: 'http' | 'sse',
  url: string,
  args: readonly string[],
  { env, header = [], clientId, callbackPort }: EntryOptions,
): JsonObject {
  if (env !== undefined) throw new UserError('--env is for programs, not for servers at a URL');
  if (args.length > 0) throw new UserError('a server at a URL takes no arguments');
  const oauth = {
    ...(clientId !== undefined && { clientId }),
    ...(callbackPort !== undefined && { callbackPort: portOf(callbackPort) }),
  };
  return {
    ...{ type, url },
    ...(header.length > 0 && { headers: Object.fromEntries(header.map(headerOf)) }),
    ...(Object.keys(oauth).length > 0 && { oauth }),
  };
}

function variableOf(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UserError(
    `Invalid environment variable format: ${visibleLine(text, 100)}, environment variables should be added as: -e KEY1=value1 -e KEY2=value2; ${takesWords('-e')}`,
  );
}

function headerOf(text: string): readonly [name: string, value: string] {
  const [, name, value = ''] = /^([!#$%&'*+.^`|~\w-]+):(.*)$/s.exec(text) ?? [];
  // What stands behind the colon may be a secret.
  if (name === undefined)
    throw new UserError(`Invalid header format. Expected: -H "Header-Name: value"; ${takesWords('-H')}`);
  return [name, value.trim()];
}

/** As in Claude Code; the name of a server behind it is lost. */
function takesWords(option: string): string {
  return `\`${option}\` takes all words up to the next option or \`--\`, so the name of the server goes before it`;
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UserError('--callback-port has to be a port, from 1 to 65535');
}
