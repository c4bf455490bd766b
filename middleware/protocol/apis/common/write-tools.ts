import { remembered } from '../../../kernel/bounds/remembered.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import type { ToolDefinition } from '../tools-codec.ts';

/**
 * Writes definitions as an API has them: elements of a list with the commas between, made once for each list of definitions,
 * which goes with every request of many conversations.
 */
export function toolsWriter(
  toolsOf: (definitions: readonly ToolDefinition[]) => readonly JsonObject[],
): (definitions: readonly ToolDefinition[]) => readonly Buffer[] {
  return remembered((definitions) => [
    Buffer.from(
      toolsOf(definitions)
        .map((tool) => JSON.stringify(tool))
        .join(','),
    ),
  ]);
}

/**
 * For APIs in which groups are nothing but a part of names: what is said of all tools of a group stands behind the description
 * of its first one.
 */
export function toldOnce(definitions: readonly ToolDefinition[]): readonly ToolDefinition[] {
  const told = new Set<string>();
  return definitions.map((definition) => {
    const { group, description, about } = definition;
    if (about === undefined || told.has(group)) return definition;
    told.add(group);
    const heading = `How to use the tools ${group}__*, as their MCP server says:`;
    return { ...definition, description: `${description}\n\n${heading}\n${about}`.trim() };
  });
}
