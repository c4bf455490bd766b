import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { ModelRequest, Tool, ToolChoice } from '../../../translation/model-request.ts';
import { offeredFunctions } from '../../../translation/as-function.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { withTakenMembers } from './schemas/taken-members.ts';

/** Tools of every kind, each once, as what Anthropic knows: a name and a schema of an object. */
export function writeTools(tools: readonly Tool[], names: ToolNames): readonly JsonObject[] {
  return offeredFunctions(tools, names)
    .map(withTakenMembers)
    .map(({ name, description, parameters }) => ({
      name,
      ...(description === '' ? {} : { description }),
      input_schema: parameters,
    }));
}

/** `undefined` where the model decides. While Claude thinks, it cannot be forced to call a tool. */
export function writeToolChoice(
  { toolChoice, parallelCalls, entries }: ModelRequest,
  names: ToolNames,
  isForcingRefused: boolean,
): JsonObject | undefined {
  if (toolChoice?.kind === 'none' || entries.some(({ kind }) => kind === 'compact')) return { type: 'none' };
  const forced = isForcingRefused ? undefined : forcedChoice(toolChoice, names);
  if (parallelCalls !== false) return forced;
  return { ...(forced ?? { type: 'auto' }), disable_parallel_tool_use: true };
}

function forcedChoice(choice: ToolChoice | undefined, names: ToolNames): JsonObject | undefined {
  if (choice?.kind === 'any') return { type: 'any' };
  if (choice?.kind !== 'tool') return undefined;
  return { type: 'tool', name: names.nameOf(choice.tool) };
}
