import type { JsonObject } from '../../../../kernel/json-object.ts';
import { inputAt, textAt } from '../../common/read-event.ts';
import type { ToolCall } from '../../tool-call.ts';
import { callKinds, callTypeOf, type CallType } from './call-kinds.ts';

/**
 * The call that an item of the Responses API is, if its client has to run it. What the provider runs is none of the
 * client's, but where it asks for leave to call a tool of an MCP server, that is a call of this tool.
 */
export function responsesCall(item: JsonObject): ToolCall | undefined {
  const type = callTypeOf(item);
  return type === undefined || callKinds[type].isProviders(item) ? undefined : calledIn(item, type);
}

/** What an item says of its call, whoever runs it. */
export function calledIn(item: JsonObject, type: CallType): ToolCall {
  const { tool, id, callKind } = callKinds[type];
  return {
    kind: callKind === 'custom' ? 'custom' : 'function',
    name: tool ?? textAt(item, 'name'),
    namespace: namespaceIn(item, type),
    callId: textAt(item, id),
    input: inputIn(item, type),
    ...(isFixed(type) ? { isFixed: true } : {}),
  };
}

/**
 * The item with another input, in its exact kind; members that are not the input stay. Throws for an item whose input nobody can
 * change: it would be run as it was.
 */
export function withResponsesInput(item: JsonObject, input: string): JsonObject {
  const type = callTypeOf(item);
  if (type === undefined || isFixed(type))
    throw new Error(`the input of an item of the type "${textAt(item, 'type')}" cannot be changed`);
  const { inputs, streamedAs } = callKinds[type];
  const [member, ...others] = inputs;
  if (streamedAs !== undefined) return { ...item, [member]: input };
  const value = JSON.parse(input) as unknown;
  if (others.length === 0) return { ...item, [member]: value };
  const rest = Object.entries(item).filter(([name]) => !inputs.includes(name));
  return { ...Object.fromEntries(rest), ...membersOf(value as JsonObject, inputs) };
}

/** The item with another id of its call; a request for leave is known by its own. */
export function withResponsesCallId(item: JsonObject, callId: string): JsonObject {
  const type = callTypeOf(item);
  return { ...item, [type === undefined ? 'call_id' : callKinds[type].id]: callId };
}

function isFixed(type: CallType): boolean {
  return type === 'mcp_approval_request';
}

/** Codex runs a call of the namespace "" as one of its own tools. */
function namespaceIn(item: JsonObject, type: CallType): string | undefined {
  if (type === 'mcp_approval_request') return `mcp__${textAt(item, 'server_label')}`;
  return callKinds[type].tool === undefined ? textAt(item, 'namespace') || undefined : undefined;
}

function inputIn(item: JsonObject, type: CallType): string {
  const { tool, inputs } = callKinds[type];
  const [member, ...others] = inputs;
  if (others.length > 0) return inputAt({ input: membersOf(item, inputs) }, 'input');
  return inputAt(item, member) || (tool === undefined ? '' : '{}');
}

function membersOf(object: JsonObject, names: readonly string[]): JsonObject {
  const given = names.filter((name) => object[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, object[name]]));
}
