import type { Api } from '../../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from './conversation.ts';

/** What came of a tool call that the client ran. */
export interface ToolOutput {
  readonly callId: string;
  /** Index of the item that holds it. */
  readonly index: number;
  readonly call: AnsweredCall;
  readonly text: string;
  /** Whether the client says that it failed. */
  readonly isError: boolean;
}

/** A call as it stands in the conversation. */
export interface AnsweredCall {
  readonly callId: string;
  readonly kind: 'function' | 'custom';
  readonly name: string;
  /** Of Codex's tools that belong to an MCP server: `mcp__server`. */
  readonly namespace: string | undefined;
  /** Of a function its arguments, as JSON; of a custom tool its text. */
  readonly input: string;
}

/** The outputs at the end of a conversation, behind the model's last word, in order; each with the call that it answers. */
export function newToolOutputs(conversation: Conversation, api: Api): readonly ToolOutput[] {
  const outputs: Omit<ToolOutput, 'call'>[] = [];
  const calls = new Map<string, AnsweredCall>();
  // Ids of outputs whose call was not met yet: asking each of them at each item would be quadratic.
  const open = new Set<string>();
  let isBehindModel = true;
  for (let index = conversation.length - 1; index >= 0; index -= 1) {
    const item = conversation.at(index);
    const called = callsIn(item, api);
    const isModels = called.length > 0 || item['role'] === 'assistant' || item['type'] === 'reasoning';
    if (isModels) isBehindModel = false;
    else if (isBehindModel) {
      for (const output of outputsIn(item, index).reverse()) {
        outputs.push(output);
        open.add(output.callId);
      }
    } else if (open.size === 0) break;
    for (const [id, call] of called) {
      if (!calls.has(id)) calls.set(id, call);
      open.delete(id);
    }
  }
  return outputs.reverse().flatMap((output) => {
    const call = calls.get(output.callId);
    return call === undefined ? [] : [{ ...output, call }];
  });
}

function outputsIn(item: JsonObject, index: number): Omit<ToolOutput, 'call'>[] {
  const { type, role, content } = item;
  if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    return [{ callId: String(item['call_id']), index, text: textIn(item['output']), isError: false }];
  }
  if (role === 'tool') {
    return [{ callId: String(item['tool_call_id']), index, text: textIn(content), isError: false }];
  }
  return objectsIn(content)
    .filter((part) => part['type'] === 'tool_result')
    .map((part) => ({
      callId: String(part['tool_use_id']),
      index,
      text: textIn(part['content']),
      isError: part['is_error'] === true,
    }));
}

function callsIn(item: JsonObject, api: Api): (readonly [string, AnsweredCall])[] {
  switch (item['type']) {
    case 'function_call':
      return [callOf('function', item['call_id'], item, item['arguments'])];
    case 'custom_tool_call':
      return [callOf('custom', item['call_id'], item, item['input'])];
  }
  if (api === 'messages') {
    return objectsIn(item['content'])
      .filter((part) => part['type'] === 'tool_use')
      .map((part) => callOf('function', part['id'], part, JSON.stringify(part['input'] ?? {})));
  }
  return objectsIn(item['tool_calls']).map((call) => {
    const custom = call['custom'];
    if (isJsonObject(custom)) return callOf('custom', call['id'], custom, custom['input']);
    const called = isJsonObject(call['function']) ? call['function'] : {};
    return callOf('function', call['id'], called, called['arguments']);
  });
}

function callOf(
  kind: AnsweredCall['kind'],
  id: unknown,
  { name, namespace }: JsonObject,
  input: unknown,
): readonly [string, AnsweredCall] {
  return [
    String(id),
    {
      callId: String(id),
      kind,
      name: typeof name === 'string' ? name : '',
      namespace: typeof namespace === 'string' ? namespace : undefined,
      input: typeof input === 'string' ? input : '',
    },
  ];
}

function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  return objectsIn(content)
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('');
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
