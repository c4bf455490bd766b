import type { JsonObject } from '../../../../kernel/json-object.ts';
import { objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { replacedText } from '../../common/replaced-text.ts';
import type { ToolResult } from '../../tool-result.ts';
import { answeredTypeOf, type CallType } from './call-kinds.ts';

/** What an output says, and how it says something else. */
interface OutputForm {
  readonly read: (item: JsonObject) => Omit<ToolResult, 'callId'>;
  readonly withText: (item: JsonObject, text: string) => JsonObject;
}

const plain: OutputForm = {
  read: ({ output }) => ({ content: output, isError: false }),
  withText: (item, text) => ({ ...item, output: replacedText(item['output'], text, 'input_text') }),
};

/** Of each kind of call; `undefined` where the output is none of the client's: the provider runs the call then. */
const forms: Readonly<Record<CallType, OutputForm | undefined>> = {
  function_call: plain,
  custom_tool_call: plain,
  local_shell_call: plain,
  apply_patch_call: {
    ...plain,
    read: ({ output, status }) => ({ content: output, isError: status === 'failed' }),
  },
  shell_call: {
    read: ({ output }) => ({ content: printedBy(output), ...endOf(output) }),
    withText: (item, text) => {
      const { outcome } = objectsIn(item['output']).at(-1) ?? {};
      return { ...item, output: [{ stdout: text, stderr: '', outcome }] };
    },
  },
  // A screenshot and a list of tools have no place for a text.
  computer_call: { read: () => ({ content: [{ type: 'image' }], isError: false }), withText: (item) => item },
  tool_search_call: { read: () => ({ content: [], isError: false }), withText: (item) => item },
  mcp_approval_request: undefined,
};

/**
 * The result that an item is, of each kind of call that the client runs. What it says to a request of an MCP server
 * is none: the provider runs the call then.
 */
export function responsesResult(item: JsonObject): ToolResult | undefined {
  const found = formOf(item);
  return found && { callId: answeredId(item, found.type), ...found.form.read(item) };
}

/** The item with another text; a screenshot and a list of tools have no place for one. */
export function withResponsesResult(item: JsonObject, texts: ReadonlyMap<string, string>): JsonObject {
  const found = formOf(item);
  const text = found && texts.get(answeredId(item, found.type));
  return found === undefined || text === undefined ? item : found.form.withText(item, text);
}

function formOf(item: JsonObject): { readonly type: CallType; readonly form: OutputForm } | undefined {
  const type = answeredTypeOf(item);
  // What the provider found itself is no result of the client's.
  const form = type === undefined || item['execution'] === 'server' ? undefined : forms[type];
  return type === undefined || form === undefined ? undefined : { type, form };
}

/** The id of the call that an output is about. */
export function answeredId(item: JsonObject, type: CallType): string {
  // Of this tool alone the output names its call as `id`; some clients say both.
  if (type === 'local_shell_call') return textAt(item, 'call_id') || String(item['id']);
  return String(item[type === 'mcp_approval_request' ? 'approval_request_id' : 'call_id']);
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
