import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';

/** A server of Codex's `config.toml` as an entry of `.mcp.json`; variables are named and not read. */
export function entryOfCodex(table: JsonObject): JsonObject {
  const { command, args, env, cwd, url, tool_timeout_sec: seconds } = table;
  const limits = typeof seconds === 'number' ? { timeout: Math.round(seconds * 1000) } : {};
  if (url === undefined) {
    return {
      ...{ type: 'stdio', command, args: args ?? [], env: env ?? {} },
      ...(cwd !== undefined && { cwd }),
      ...limits,
    };
  }
  const headers = headersOf(table);
  const { scopes } = table;
  return {
    ...{ type: 'http', url },
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(scopes !== undefined && { oauth: { scopes } }),
    ...limits,
  };
}

/** What we have a place for, and what says whether an entry is imported at all. */
const programMembers = ['command', 'args', 'env', 'cwd', 'tool_timeout_sec', 'enabled'];
const remoteMembers = [
  ...['url', 'bearer_token_env_var', 'http_headers', 'env_http_headers', 'scopes'],
  ...['tool_timeout_sec', 'enabled'],
];

/** The members of a server of Codex that its entry does not have: there is no setting for them. */
export function leftOutOfCodex(table: JsonObject): readonly string[] {
  const known = table['url'] === undefined ? programMembers : remoteMembers;
  return Object.keys(table).filter((name) => !known.includes(name));
}

function headersOf(table: JsonObject): JsonObject {
  const { bearer_token_env_var: token, http_headers: plain, env_http_headers: named } = table;
  const variables = isJsonObject(named) ? Object.entries(named) : [];
  return {
    ...(typeof token === 'string' && { Authorization: `Bearer \${${token}}` }),
    ...(isJsonObject(plain) && plain),
    ...Object.fromEntries(variables.map(([name, variable]) => [name, `\${${String(variable)}}`])),
  };
}
