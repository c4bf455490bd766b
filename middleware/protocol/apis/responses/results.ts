import type { JsonObject } from '../../../kernel/json-object.ts';
import { objectAt, objectsIn, textAt } from '../common/read-event.ts';
import { replacedText } from '../common/replaced-text.ts';
import type { ToolResult } from '../tool-result.ts';

/**
 * The result that an item is, of each kind of call that the client runs. What it says to a request of an MCP server
 * is none: the provider runs the call then.
 */
export function responsesResult(item: JsonObject): ToolResult | undefined {
  const { output, status } = item;
  const callId = String(item['call_id']);
  switch (item['type']) {
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { callId, content: output, isError: false };
    case 'local_shell_call_output':
      // Of this tool alone the output names its call as `id`; some clients say both.
      return { callId: textAt(item, 'call_id') || String(item['id']), content: output, isError: false };
    case 'shell_call_output':
      return { callId, content: printedBy(output), ...endOf(output) };
    case 'apply_patch_call_output':
      return { callId, content: output, isError: status === 'failed' };
    case 'computer_call_output':
      return { callId, content: [{ type: 'image' }], isError: false };
    case 'tool_search_output':
      return { callId, content: [], isError: false };
    default:
      return undefined;
  }
}

/** The item with another text; a screenshot and a list of tools have no place for one. */
export function withResponsesResult(item: JsonObject, texts: ReadonlyMap<string, string>): JsonObject {
  const result = responsesResult(item);
  const text = result === undefined ? undefined : texts.get(result.callId);
  if (text === undefined) return item;
  const { output } = item;
  switch (item['type']) {
    case 'computer_call_output':
    case 'tool_search_output':
      return item;
    case 'shell_call_output': {
      const { outcome } = objectsIn(output).at(-1) ?? {};
      return { ...item, output: [{ stdout: text, stderr: '', outcome }] };
    }
    default:
      return { ...item, output: replacedText(output, text, 'input_text') };
  }
}

/** What the commands of a shell printed, one part each. */
function printedBy(output: unknown): unknown {
  return objectsIn(output).map((command) => ({
    type: 'text',
    text: textAt(command, 'stdout') + textAt(command, 'stderr'),
  }));
}

/** How they ended: the first that did not end well counts. One that ran out of time has no exit code. */
function endOf(output: unknown): Pick<ToolResult, 'isError' | 'exitCode'> {
  const outcomes = objectsIn(output).map((command) => objectAt(command, 'outcome'));
  const bad = outcomes.find((outcome) => outcome['type'] === 'timeout' || codeOf(outcome) !== 0);
  return { isError: bad !== undefined, exitCode: bad === undefined ? undefined : codeOf(bad) };
}

function codeOf({ type, exit_code: code }: JsonObject): number | undefined {
  if (type === 'timeout') return undefined;
  return typeof code === 'number' ? code : 0;
}
