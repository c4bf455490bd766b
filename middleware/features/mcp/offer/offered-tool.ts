import { createHash } from 'node:crypto';
import type { Tool } from '@modelcontextprotocol/client';
import type { JsonObject } from '../../../kernel/json-object.ts';
import { safeDescription } from '../definitions/safe-definition.ts';
import { claudeToolName } from '../gateway/call-guard.ts';
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

/** The tools of a server as definitions, by name: the same for the same tools, in whatever order the server has them. */
export function offeredTools(server: string, tools: readonly Tool[]): readonly OfferedTool[] {
  const group = groupOf(server);
  const offered = tools.flatMap((tool) => {
    const parameters = parametersOf(tool.inputSchema);
    if (parameters === undefined) return [];
    const definition: ToolDefinition = {
      group,
      tool: wireName(tool.name, maxNames + 'mcp__'.length - group.length),
      description: descriptionOf(tool),
      parameters,
    };
    const size = JSON.stringify(definition).length;
    return [{ definition, server, name: tool.name, ruleName: claudeToolName(server, tool.name), size }];
  });
  return offered.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The group of a server's tools. */
function groupOf(server: string): string {
  return `mcp__${wireName(server, maxServerName)}`;
}

/** The name where it can be one, else the same other name each time. */
function wireName(name: string, maxLength: number): string {
  const text = clean(name);
  if (text.length <= maxLength && text !== '') return text;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${text.slice(0, maxLength - digest.length - 1)}_${digest}`;
}

function clean(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_');
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
