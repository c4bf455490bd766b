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
  return { type: 'http', url, ...(Object.keys(headers).length > 0 && { headers }), ...limits };
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
