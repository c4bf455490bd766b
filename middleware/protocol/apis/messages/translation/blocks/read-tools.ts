import type { JsonObject } from '../../../../../kernel/json-object.ts';
import type { Tool } from '../../../../translation/model-request.ts';
import { flagAt, isText, objectAt, objectsIn, textAt } from '../../../common/read-event.ts';

interface MessagesTools {
  readonly offered: readonly Tool[];
  /** Those that the client's own search has to find first. */
  readonly deferred: readonly Tool[];
  /** The types of the others. */
  readonly leftOut: readonly string[];
}

/**
 * The tools of a request that the client runs and describes itself. What Anthropic runs (web search) or describes to
 * Claude alone (its text editor) is left out; where it would run the search, there is nothing to wait for.
 */
export function readMessagesTools(list: unknown): MessagesTools {
  const tools = objectsIn(list);
  const isSearchedByAnthropic = tools.some(({ type }) => isText(type) && type.startsWith('tool_search_tool'));
  const own = tools.filter(isClients);
  const isDeferred = (tool: JsonObject): boolean => tool['defer_loading'] === true && !isSearchedByAnthropic;
  return {
    offered: own.filter((tool) => !isDeferred(tool)).map(readTool),
    deferred: own.filter(isDeferred).map(readTool),
    leftOut: tools.filter((tool) => !isClients(tool)).map(({ type }) => String(type)),
  };
}

/** Whether the client runs a tool, and describes it itself. */
export function isClients({ type }: JsonObject): boolean {
  return type === undefined || type === null || type === 'custom';
}

function readTool(tool: JsonObject): Tool {
  return {
    kind: 'function',
    namespace: undefined,
    name: textAt(tool, 'name'),
    description: textAt(tool, 'description'),
    parameters: objectAt(tool, 'input_schema'),
    isStrict: flagAt(tool, 'strict'),
    grammar: undefined,
  };
}
