import { isCancel, password } from '@clack/prompts';
import { LoginStore } from '../../features/mcp/login/login-store.ts';
import { readServerEntry } from '../../features/mcp/read-server-entry.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { valueOf } from '../../platform/config/environment.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import { expandAll } from '../../platform/config/scopes/expand-variables.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext } from '../context.ts';

/** The secret of a client that was registered by hand: `MCP_CLIENT_SECRET`, or what the user types. */
export async function askForSecret(
  { env, isInteractive }: CliContext,
  { oauth }: JsonObject,
): Promise<string> {
  if (!isJsonObject(oauth) || oauth['clientId'] === undefined)
    throw new CliError('--client-secret is for a client: name it with --client-id', exitCodes.usage);
  const named = valueOf(env, 'MCP_CLIENT_SECRET');
  if (named !== undefined) return named;
  if (!isInteractive)
    throw new CliError('nobody can be asked here: put the secret into MCP_CLIENT_SECRET', exitCodes.usage);
  const typed = await password({ message: "The client's secret" });
  if (isCancel(typed) || typed === '') throw new CliError('nothing was written');
  return typed;
}

/** Keeps a client's secret beside the login that it is for, not in the file that others may read. */
export async function keepSecret(
  { rootDir, env, stderr }: CliContext,
  name: string,
  entry: JsonObject,
  clientSecret: string,
): Promise<void> {
  const reading = readServerEntry(expandAll(entry, env) as JsonObject);
  if (reading.kind === 'broken' || reading.definition.kind === 'stdio') return;
  const { stateDir } = loadConfig({ rootDir, env, isTerminal: false });
  const store = new LoginStore(stateDir, createLog({ level: 'warn', format: 'pretty', stream: stderr }));
  const { url, oauth } = reading.definition;
  await store.change({ name, url, oauth }, (record) => ({ ...record, url, clientSecret }));
}
