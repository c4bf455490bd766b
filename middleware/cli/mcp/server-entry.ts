import type { JsonObject } from '../../kernel/json-object.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { CliError } from '../cli-error.ts';

/** What the command line says of a server beside its name and its target. */
export interface EntryOptions {
  readonly env?: readonly string[];
  readonly header?: readonly string[];
  readonly clientId?: string;
  readonly callbackPort?: string;
}

/** The entry of a server that is started, as Claude Code writes it. */
export function stdioEntry(command: string, args: readonly string[], options: EntryOptions): JsonObject {
  const { env = [], header, clientId, callbackPort } = options;
  const [wrong] = Object.entries({
    '--header': header,
    '--client-id': clientId,
    '--callback-port': callbackPort,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (wrong !== undefined) throw new CliError(`${wrong} is for servers at a URL, not for programs`);
  return { type: 'stdio', command, args, env: Object.fromEntries(env.map(variableOf)) };
}

/** The entry of a server at a URL, as Claude Code writes it. */
export function remoteEntry(
  type: 'http' | 'sse',
  url: string,
  args: readonly string[],
  { env, header = [], clientId, callbackPort }: EntryOptions,
): JsonObject {
  if (env !== undefined) throw new CliError('--env is for programs, not for servers at a URL');
  if (args.length > 0) throw new CliError('a server at a URL takes no arguments');
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
  throw new CliError(
    `Invalid environment variable format: ${visibleLine(text, 100)}, environment variables should be added as: -e KEY1=value1 -e KEY2=value2`,
  );
}

function headerOf(text: string): readonly [name: string, value: string] {
  const [, name, value = ''] = /^([!#$%&'*+.^`|~\w-]+):(.*)$/s.exec(text) ?? [];
  // What stands behind the colon may be a secret.
  if (name === undefined) throw new CliError('Invalid header format. Expected: -H "Header-Name: value"');
  return [name, value.trim()];
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new CliError('--callback-port has to be a port, from 1 to 65535');
}
