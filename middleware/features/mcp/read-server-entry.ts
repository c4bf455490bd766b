import { isJsonObject, jsonTypeOf, type JsonObject } from '../../kernel/json-object.ts';
import { mergedHeaders } from './check-headers.ts';
import { readOAuthSettings } from './login/oauth-settings.ts';
import { hasAuthorization } from './login/has-authorization.ts';
import type { RemoteDefinition, ServerDefinition, StdioDefinition } from './server-definition.ts';
import { splitCommand } from '../../platform/config/split-command.ts';

type ServerReading =
  | { readonly kind: 'good'; readonly definition: ServerDefinition }
  /** What is wrong with which member and what to write, without the member's value, which may be a secret. */
  | { readonly kind: 'broken'; readonly fault: string };

/** A shorter time limit than this is taken for a mistake, as in Claude Code. */
const shortestTimeoutMs = 1_000;

/**
 * Reads the entry of an MCP server: as Claude Code writes it (`type`, `command` with `args`, `url`), or with `transport`,
 * `auth` and a command that is one text.
 */
export function readServerEntry(entry: JsonObject): ServerReading {
  try {
    return { kind: 'good', definition: definitionOf(entry) };
  } catch (error) {
    if (!(error instanceof EntryFault)) throw error;
    return { kind: 'broken', fault: error.message };
  }
}

class EntryFault extends Error {}

function definitionOf(entry: JsonObject): ServerDefinition {
  return kindOf(entry) === 'stdio'
    ? stdioOf(entry)
    : remoteOf(entry, kindOf(entry) === 'sse' ? 'sse' : 'http');
}

const kinds: Readonly<Record<string, ServerDefinition['kind']>> = {
  stdio: 'stdio',
  http: 'http',
  'streamable-http': 'http',
  streamableHttp: 'http',
  streamable_http: 'http',
  sse: 'sse',
};

function kindOf(entry: JsonObject): ServerDefinition['kind'] {
  const named = textOf(entry, 'type') ?? textOf(entry, 'transport');
  if (named !== undefined) {
    const kind = Object.hasOwn(kinds, named) ? kinds[named] : undefined;
    if (kind === undefined)
      throw new EntryFault('`type` is no kind of server: write "stdio", "http" or "sse"');
    return kind;
  }
  const [hasCommand, hasUrl] = [entry['command'] !== undefined, entry['url'] !== undefined];
  if (hasCommand && hasUrl)
    throw new EntryFault('it has `command` and `url`: say with `type` which of them counts');
  if (!hasCommand && !hasUrl)
    throw new EntryFault('it has neither `command` nor `url`: write how the server is started or reached');
  return hasCommand ? 'stdio' : 'http';
}

function stdioOf(entry: JsonObject): StdioDefinition {
  const command = textOf(entry, 'command')?.trim() ?? '';
  if (command === '') throw new EntryFault('`command` is missing: write the program that is the server');
  const [file = '', ...args] = entry['args'] === undefined ? wordsOf(command) : [command, ...argsOf(entry)];
  return {
    kind: 'stdio',
    ...{ file, args },
    env: textsOf(entry, 'env'),
    cwd: textOf(entry, 'cwd'),
    timeoutMs: timeoutOf(entry),
  };
}

const noUrl = { protocol: '', username: '', password: '' };

function remoteOf(entry: JsonObject, kind: RemoteDefinition['kind']): RemoteDefinition {
  const url = textOf(entry, 'url') ?? '';
  const { protocol, username, password } = URL.canParse(url) ? new URL(url) : noUrl;
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new EntryFault('`url` is no URL: write one that begins with https:// or http://');
  // Nobody can send it like that (WHATWG Fetch, Request), and what says so says the whole address.
  if (username !== '' || password !== '')
    throw new EntryFault(
      '`url` has a user name or a password before the host: take them out, and write the header `Authorization: Basic …` in `headers`',
    );
  const headers = mergedHeaders(authHeaders(entry), textsOf(entry, 'headers'));
  return {
    ...{ kind, url, headers },
    headersHelper: textOf(entry, 'headersHelper'),
    oauth: signsIn(entry, headers)
      ? readOAuthSettings(entry['oauth'], (fault) => new EntryFault(fault))
      : undefined,
    timeoutMs: timeoutOf(entry),
  };
}

/** A credential in the headers is the only one, as in Claude Code. */
function signsIn({ auth }: JsonObject, headers: Readonly<Record<string, string>>): boolean {
  return auth !== 'none' && !hasAuthorization(headers);
}

/** `auth` is a token, or what the header `authorization` has to be. */
function authHeaders(entry: JsonObject): Readonly<Record<string, string>> {
  const { auth } = entry;
  // How to sign in with a browser is not for the headers.
  if (auth === undefined || auth === 'none' || auth === 'oauth') return {};
  if (typeof auth === 'string') return { authorization: auth.includes(' ') ? auth : `Bearer ${auth}` };
  if (!isJsonObject(auth)) throw new EntryFault('`auth` has to be a token, or an object with `token`');
  const token = auth['token'];
  if (token === undefined) return {};
  if (typeof token !== 'string') throw new EntryFault('`auth.token` has to be a text');
  return { authorization: `Bearer ${token}` };
}

function wordsOf(command: string): readonly string[] {
  const words = splitCommand(command);
  if (words === undefined) throw new EntryFault('`command` has a quote that is not closed');
  return words;
}

function argsOf({ args }: JsonObject): readonly string[] {
  const isList = Array.isArray(args) && args.every((arg) => typeof arg === 'string');
  if (!isList) throw new EntryFault('`args` has to be a list of texts');
  return args;
}

function textOf(entry: JsonObject, name: string): string | undefined {
  const value = entry[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new EntryFault(`\`${name}\` has to be a text, and is ${jsonTypeOf(value)}`);
}

function textsOf(entry: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = entry[name] ?? {};
  if (!isJsonObject(value)) throw new EntryFault(`\`${name}\` has to be an object`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw new EntryFault(`\`${name}.${key}\` has to be a text`);
  }
  return value as Readonly<Record<string, string>>;
}

function timeoutOf({ timeout }: JsonObject): number | undefined {
  if (timeout === undefined) return undefined;
  if (typeof timeout !== 'number' || !(timeout > 0))
    throw new EntryFault('`timeout` has to be a number of milliseconds');
  return timeout >= shortestTimeoutMs ? timeout : undefined;
}
