import { needsTrust } from './needs-trust.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { expandAll } from '../../platform/config/scopes/expand-variables.ts';
import type { McpServer } from '../../platform/config/scopes/merge-mcp-servers.ts';
import type { MergedSettings } from '../../platform/config/scopes/merge-settings.ts';

/**
 * The entry of an MCP server as far as its project decides it: with the variables that the project's own settings
 * set. Those of the user stay as they are written, since they are the user's to change, and differ from one process
 * to the next.
 */
export function serverAsWritten(
  { written }: Pick<McpServer, 'written'>,
  { env }: Pick<MergedSettings, 'env'>,
): JsonObject {
  const ofProject = [...env].filter(([, { source }]) => needsTrust(source));
  const variables = Object.fromEntries(ofProject.map(([name, variable]) => [name, variable.written]));
  const entry = expandAll(written, variables);
  return isJsonObject(entry) ? entry : written;
}
