import { valueOf, type Environment } from '../../platform/config/environment.ts';
import { tableAt, textAt } from './codex-config-file.ts';
import { providerInUse } from './provider-in-use.ts';
import type { JsonObject } from '../../kernel/json-object.ts';

/** What Codex sends to say who it is. */
interface CodexHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** It sends its own login as well, which nobody but Codex reads. */
  readonly sendsLogin: boolean;
}

/**
 * The headers that Codex takes from its configuration and this environment; in its order of precedence. Measured
 * with 0.171.0.
 */
export function codexHeaders(document: JsonObject, env: Environment): CodexHeaders {
  const { id, entry = {} } = providerInUse(document);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(tableAt(entry, 'http_headers'))) {
    if (typeof value === 'string') headers[name.toLowerCase()] = value;
  }
  for (const [name, variable] of Object.entries(tableAt(entry, 'env_http_headers'))) {
    const value = typeof variable === 'string' ? valueOf(env, variable) : undefined;
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  const variable = textAt(entry, 'env_key');
  const token = variable === undefined ? textAt(entry, 'experimental_bearer_token') : valueOf(env, variable);
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  const sendsLogin = token === undefined && (id === 'openai' || entry['requires_openai_auth'] === true);
  return { headers, sendsLogin };
}
