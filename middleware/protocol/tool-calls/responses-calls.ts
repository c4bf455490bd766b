import type { JsonObject } from '../../kernel/json-object.ts';
import { objectAt, textAt } from './read-event.ts';
import type { ToolCall } from './tool-call.ts';

/**
 * The call that an item of the Responses API is, if its client has to run it. `local_shell_call`, `shell_call` and
 * `apply_patch_call` are tools that the API itself knows; a shell in a container of the provider is none of the client's.
 */
export function responsesCall(item: JsonObject): ToolCall | undefined {
  const callId = textAt(item, 'call_id');
  const namespace = typeof item['namespace'] === 'string' ? item['namespace'] : undefined;
  switch (item['type']) {
    case 'function_call':
      return {
        kind: 'function',
        name: textAt(item, 'name'),
        namespace,
        callId,
        input: textAt(item, 'arguments'),
      };
    case 'custom_tool_call':
      return { kind: 'custom', name: textAt(item, 'name'), namespace, callId, input: textAt(item, 'input') };
    case 'shell_call':
      if (objectAt(item, 'environment')['type'] === 'container_reference') return undefined;
      return builtIn('shell', callId, item['action']);
    case 'local_shell_call':
      return builtIn('local_shell', callId, item['action']);
    case 'apply_patch_call':
      return builtIn('apply_patch', callId, item['operation']);
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
    default:
      return { ...item, action: JSON.parse(input) as unknown };
  }
}

/** What came of the call that an item is, as an item of the conversation. */
export function responsesOutput(item: JsonObject, text: string, isError: boolean): JsonObject {
  const callId = item['call_id'];
  switch (item['type']) {
    case 'custom_tool_call':
      return { type: 'custom_tool_call_output', call_id: callId, output: text };
    case 'shell_call': {
      const [stdout, stderr, exitCode] = isError ? ['', text, 1] : [text, '', 0];
      const output = [{ stdout, stderr, outcome: { type: 'exit', exit_code: exitCode } }];
      return { type: 'shell_call_output', call_id: callId, output };
    }
    case 'apply_patch_call': {
      const status = isError ? 'failed' : 'completed';
      return { type: 'apply_patch_call_output', call_id: callId, status, output: text };
    }
    case 'local_shell_call':
      // Of this tool alone the output names its call as `id`.
      return { type: 'local_shell_call_output', id: callId, output: text };
    default:
      return { type: 'function_call_output', call_id: callId, output: text };
  }
}

function builtIn(name: string, callId: string, action: unknown): ToolCall {
  return { kind: 'function', name, namespace: undefined, callId, input: JSON.stringify(action ?? {}) };
}
