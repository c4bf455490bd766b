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
