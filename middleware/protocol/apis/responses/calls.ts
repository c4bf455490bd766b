import type { JsonObject } from '../../../kernel/json-object.ts';
import { inputAt, objectAt, textAt } from '../common/read-event.ts';
import type { ToolCall } from '../tool-call.ts';
import { withoutMember } from '../../json/without-member.ts';

/**
 * The call that an item of the Responses API is, if its client has to run it. `local_shell_call`, `shell_call`,
 * `apply_patch_call`, `computer_call` and `tool_search_call` are tools that the API itself knows; what the provider
 * runs is none of the client's, but where it asks for leave to call a tool of an MCP server, that is a call of this
 * tool.
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

/** The item with another id of its call; a request for leave is known by its own. */
export function withResponsesCallId(item: JsonObject, callId: string): JsonObject {
  return item['type'] === 'mcp_approval_request' ? { ...item, id: callId } : { ...item, call_id: callId };
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
