import { createHash } from 'node:crypto';
import type { Tool } from '@modelcontextprotocol/client';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import { isTaskOnly } from '../definitions/is-task-only.ts';
import { safeDescription } from '../definitions/safe-definition.ts';
import { claudeToolName, plainName } from '../../../protocol/claude-tools/mcp-tool-name.ts';
import type { ToolDefinition } from '../../../protocol/apis/tools-codec.ts';

/** A tool of an MCP server as a model is offered it. */
export interface OfferedTool {
  readonly definition: ToolDefinition;
  /** The server, and the tool there, by their own names. */
  readonly server: string;
  readonly name: string;
  /** As permission rules name it. */
  readonly ruleName: string;
  /** How long its definition is, in characters of JSON. */
  readonly size: number;
}

/** APIs take names of at most 64 of these characters; `mcp__` and `__` are seven of them. */
const maxNames = 57;
const maxServerName = 28;
/** What is larger is no description of an input. */
const maxSchema = 65_536;

export interface OfferedServer {
  /** All that are offered beside it, whose names stay others. */
  readonly servers?: readonly string[];
  /** How its tools are to be used together; empty where nothing is said of that. */
  readonly about?: string | undefined;
}

/** The tools of a server as definitions, by name: the same for the same tools, in whatever order the server has them. */
export function offeredTools(
  server: string,
  tools: readonly Tool[],
  { servers = [server], about = '' }: OfferedServer = {},
): readonly OfferedTool[] {
  const group = groupOf(server, servers);
  const maxName = maxNames + 'mcp__'.length - group.length;
  const taken = takenAmong(tools.map(({ name }) => name));
  const offered = tools.flatMap((tool) => {
    if (isTaskOnly(tool)) return [];
    const parameters = parametersOf(tool.inputSchema);
    if (parameters === undefined) return [];
    const definition: ToolDefinition = {
      group,
      tool: taken.has(tool.name) ? digested(tool.name, maxName) : wireName(tool.name, maxName),
      description: descriptionOf(tool),
      parameters,
    };
    const size = JSON.stringify(definition).length;
    return [{ definition, server, name: tool.name, ruleName: claudeToolName(server, tool.name), size }];
  });
  const sorted = offered.sort((one, other) => (one.name < other.name ? -1 : 1));
  if (about === '') return sorted;
  // It is written once.
  return sorted.map((tool, at) => ({
    ...tool,
    definition: { ...tool.definition, about },
    size: tool.size + (at === 0 ? about.length : 0),
  }));
}

/** The group of a server's tools. The name of the server ends where the first separator stands: it has none in it. */
export function groupOf(server: string, servers: readonly string[]): string {
  const isPlain = !/__|_$/.test(plainName(server)) && !takenServers(servers).has(server);
  return `mcp__${isPlain ? wireName(server, maxServerName) : digested(server, maxServerName)}`;
}

/** Of one list of servers each of them is asked about. */
const takenServers = remembered(takenAmong);

/** The names that become that of another one, which needs no change or stands before them. */
function takenAmong(names: readonly string[]): ReadonlySet<string> {
  const first = new Map<string, string>();
  for (const name of names) {
    const plain = plainName(name);
    const known = first.get(plain);
    if (known === undefined || name === plain || (known !== plain && name < known)) first.set(plain, name);
  }
  return new Set(names.filter((name) => first.get(plainName(name)) !== name));
}

/** The name where it can be one, else the same other name each time. */
function wireName(name: string, maxLength: number): string {
  const text = plainName(name);
  return text.length <= maxLength && text !== '' ? text : digested(name, maxLength);
}

function digested(name: string, maxLength: number): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  const text = plainName(name).replaceAll(/_{2,}/g, '_');
  return `${text.slice(0, maxLength - digest.length - 1)}-${digest}`;
}

function descriptionOf({ title, description = title ?? '' }: Tool): string {
  return safeDescription(description);
}

/** What APIs refuse at the top of a schema; one tool that has it would end every turn. */
const refused = new Set(['$schema', 'oneOf', 'anyOf', 'allOf', 'enum', 'not']);

/** `undefined` for a schema that is too large to be one. */
function parametersOf(schema: JsonObject): JsonObject | undefined {
  const members = Object.entries(schema).filter(([name]) => !refused.has(name));
  const parameters = { properties: {}, ...Object.fromEntries(members), type: 'object' };
  return JSON.stringify(parameters).length > maxSchema ? undefined : parameters;
}
