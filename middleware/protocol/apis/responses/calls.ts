import type { JsonObject } from '../../../kernel/json-object.ts';
import { inputAt, objectAt, objectsIn, textAt } from '../read-event.ts';
import type { ToolCall } from '../tool-call.ts';
import { withoutMember } from '../without-member.ts';

/**
 * The call that an item of the Responses API is, if its client has to run it. `local_shell_call`, `shell_call`, `apply_patch_call`,
 * `computer_call` and `tool_search_call` are tools that the API itself knows; what the provider runs is none of the client's, but where
 * it asks for leave to call a tool of an MCP server, that is a call of this tool.
 */
export function responsesCall(item: JsonObject): ToolCall | undefined {
  const callId = textAt(item, 'call_id');
  // Codex runs a call of the namespace "" as one of its own tools.
  const namespace = textAt(item, 'namespace') === '' ? undefined : textAt(item, 'namespace');
  switch (item['type']) {
    case 'function_call':
      return {
        kind: 'function',
        name: textAt(item, 'name'),
        namespace,
        callId,
        input: inputAt(item, 'arguments'),
      };
    case 'custom_tool_call':
      return { kind: 'custom', name: textAt(item, 'name'), namespace, callId, input: inputAt(item, 'input') };
    case 'shell_call':
      if (objectAt(item, 'environment')['type'] === 'container_reference') return undefined;
      return builtIn('shell', callId, item['action']);
    case 'local_shell_call':
      return builtIn('local_shell', callId, item['action']);
    case 'apply_patch_call':
      return builtIn('apply_patch', callId, item['operation']);
    case 'computer_call':
      return builtIn('computer', callId, actionsIn(item));
    case 'tool_search_call':
      return item['execution'] === 'server' ? undefined : builtIn('tool_search', callId, item['arguments']);
    case 'mcp_approval_request':
      return approval(item);
    default:
      return undefined;
  }
}

/** The item with another input, in its exact kind; members that are not the input stay. */
export function withResponsesInput(item: JsonObject, input: string): JsonObject {
  switch (item['type']) {
    case 'function_call':
      return { ...item, arguments: input };
    case 'custom_tool_call':
      return { ...item, input };
    case 'apply_patch_call':
      return { ...item, operation: JSON.parse(input) as unknown };
    case 'tool_search_call':
      return { ...item, arguments: JSON.parse(input) as unknown };
    case 'computer_call':
      return {
        ...withoutMember(withoutMember(item, 'action'), 'actions'),
        ...actionsIn(JSON.parse(input) as JsonObject),
      };
    default:
      return { ...item, action: JSON.parse(input) as unknown };
  }
}

/** What came of the call that an item is, as items of the conversation: the one of its kind, and a text where that has no place for it. */
export function responsesOutputs(item: JsonObject, text: string, isError: boolean): readonly JsonObject[] {
  const callId = item['call_id'];
  const caller = item['caller'] === undefined ? {} : { caller: item['caller'] };
  switch (item['type']) {
    case 'custom_tool_call':
      return [{ type: 'custom_tool_call_output', call_id: callId, ...caller, output: text }];
    case 'shell_call': {
      const [stdout, stderr, exitCode] = isError ? ['', text, 1] : [text, '', 0];
      const output = [{ stdout, stderr, outcome: { type: 'exit', exit_code: exitCode } }];
      return [{ type: 'shell_call_output', call_id: callId, ...caller, output }];
    }
    case 'apply_patch_call': {
      const status = isError ? 'failed' : 'completed';
      return [{ type: 'apply_patch_call_output', call_id: callId, ...caller, status, output: text }];
    }
    case 'local_shell_call':
      // Of this tool alone the output names its call as `id`.
      return [{ type: 'local_shell_call_output', id: callId, output: text }];
    case 'computer_call':
      return [screenshotOf(item), developerMessage(text)];
    case 'tool_search_call':
      return [
        { type: 'tool_search_output', call_id: callId, execution: 'client', status: 'completed', tools: [] },
        developerMessage(text),
      ];
    case 'mcp_approval_request':
      return [
        { type: 'mcp_approval_response', approval_request_id: item['id'], approve: false, reason: text },
      ];
    default:
      return [{ type: 'function_call_output', call_id: callId, ...caller, output: text }];
  }
}

function builtIn(name: string, callId: string, action: unknown): ToolCall {
  const input = typeof action === 'string' ? action : JSON.stringify(action ?? {});
  return { kind: 'function', name, namespace: undefined, callId, input };
}

/** One action, or several at once. */
function actionsIn({ action, actions }: JsonObject): JsonObject {
  return { ...(action === undefined ? {} : { action }), ...(actions === undefined ? {} : { actions }) };
}

/** The provider calls the tool itself when its request is approved, with what it has. */
function approval(item: JsonObject): ToolCall {
  return {
    kind: 'function',
    name: textAt(item, 'name'),
    namespace: `mcp__${textAt(item, 'server_label')}`,
    callId: textAt(item, 'id'),
    input: inputAt(item, 'arguments'),
    isFixed: true,
  };
}

/** 256 pixels square, all black: this output has no other form than a picture. */
const nothingToSee =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAQAAAAEAAQAAAAB0CZXLAAAAH0lEQVR42u3BAQ0AAADCoPdPbQ43oAAAAAAAAAAAvg0hAAABYOSdlwAAAABJRU5ErkJggg==';

function screenshotOf(item: JsonObject): JsonObject {
  const checks = objectsIn(item['pending_safety_checks']);
  return {
    type: 'computer_call_output',
    call_id: item['call_id'],
    // The API takes no output without it. It is about what the action would do, and nothing was done.
    ...(checks.length === 0 ? {} : { acknowledged_safety_checks: checks }),
    output: { type: 'computer_screenshot', image_url: nothingToSee },
  };
}

function developerMessage(text: string): JsonObject {
  return { type: 'message', role: 'developer', content: [{ type: 'input_text', text }] };
}
