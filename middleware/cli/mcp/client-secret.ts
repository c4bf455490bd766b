import { isCancel, password } from '@clack/prompts';
import { checkServerEntry } from '../../features/mcp/edit/check-entry.ts';
import type { LoginPlace } from '../../features/mcp/login/login-store.ts';
import { readServerEntry } from '../../features/mcp/read-server-entry.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { valueOf, type Environment } from '../../platform/config/environment.ts';
import { expandAll } from '../../platform/config/scopes/expand-variables.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { openLoginStore } from './open-login-store.ts';

/** A secret, and the login that it is for. */
interface ClientSecret {
  readonly login: Omit<LoginPlace, 'name'>;
  readonly value: string;
}

/** The secret of a client that was registered by hand: `MCP_CLIENT_SECRET`, or what the user types. */
export async function askForSecret(
  { env, isInteractive }: CliContext,
  entry: JsonObject,
): Promise<ClientSecret> {
  const { oauth } = entry;
  if (!isJsonObject(oauth) || oauth['clientId'] === undefined)
    throw new CliError('--client-secret is for a client: name it with --client-id', exitCodes.usage);
  const login = loginOf(entry, env);
  const named = valueOf(env, 'MCP_CLIENT_SECRET');
  if (named !== undefined) return { login, value: named };
  if (!isInteractive)
    throw new CliError('nobody can be asked here: put the secret into MCP_CLIENT_SECRET', exitCodes.usage);
  const typed = await password({ message: "The client's secret" });
  if (isCancel(typed) || typed === '') throw new CliError('nothing was written');
  return { login, value: typed };
}

/** Keeps a client's secret beside the login that it is for, not in the file that others may read. */
export async function keepSecret(
  context: CliContext,
  name: string,
  { login, value: clientSecret }: ClientSecret,
): Promise<void> {
  await openLoginStore(context).change({ name, ...login }, (record) => ({
    ...record,
    url: login.url,
    clientSecret,
  }));
}

/** A secret is kept for the address itself, which has to be known. */
function loginOf(entry: JsonObject, env: Environment): ClientSecret['login'] {
  checkServerEntry(entry);
  const reading = readServerEntry(expandAll(entry, env) as JsonObject);
  if (reading.kind === 'good' && reading.definition.kind !== 'stdio') {
    const { url, oauth } = reading.definition;
    if (!/\$\{[A-Za-z_]/.test(url)) return { url, oauth };
  }
  throw new CliError(
    '--client-secret is kept for the address of the server: set the variables in it first',
    exitCodes.usage,
  );
}
