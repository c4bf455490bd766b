import type { Api } from '../../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from './conversation.ts';
import { isAddedText } from './user-prompt.ts';

/** One thing that was said or done in a conversation. */
export type TranscriptEntry =
  | { readonly kind: 'message'; readonly role: 'user' | 'assistant'; readonly text: string }
  /** Of a tool; the input as the model wrote it. */
  | { readonly kind: 'call'; readonly name: string; readonly input: string }
  | { readonly kind: 'output'; readonly text: string };

/**
 * What a reader wants of the items before an index: what the user and the model said, which tools were called and what came
 * of it. Left out are instructions, reasoning, and what clients add to the user's messages.
 */
export function transcriptOf(
  conversation: Conversation,
  api: Api,
  end = conversation.length,
): readonly TranscriptEntry[] {
  const read = api === 'responses' ? responsesEntries : messageEntries;
  return Array.from({ length: Math.min(end, conversation.length) }, (_, index) =>
    read(conversation.at(index)),
  ).flat();
}

function responsesEntries(item: JsonObject): readonly TranscriptEntry[] {
  switch (item['type'] ?? 'message') {
    case 'message':
      return messageEntries(item);
    case 'function_call':
      return [call(item['name'], item['arguments'])];
    case 'custom_tool_call':
      return [call(item['name'], item['input'])];
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [output(item['output'])];
    default:
      return [];
  }
}

/** A message, of whatever API: text, and the calls and outputs that two of them put into messages. */
function messageEntries(item: JsonObject): readonly TranscriptEntry[] {
  const { role, content, tool_calls: calls } = item;
  if (role === 'tool') return [output(content)];
  if (role !== 'user' && role !== 'assistant') return [];
  const parts = partsOf(content);
  const text = parts
    .map(textOf)
    .filter((part) => part !== '' && (role === 'assistant' || !isAddedText(part)))
    .join('\n\n');
  return [
    ...parts.filter(({ type }) => type === 'tool_result').map((part) => output(part['content'])),
    ...(text === '' ? [] : [{ kind: 'message', role, text } as const]),
    ...parts.filter(({ type }) => type === 'tool_use').map((part) => call(part['name'], part['input'])),
    ...objectsIn(calls).map(calledFunction),
  ];
}

function calledFunction(toolCall: JsonObject): TranscriptEntry {
  // A custom tool of the Chat Completions API stands beside `function` in the same way.
  const { function: called, custom } = toolCall;
  if (isJsonObject(called)) return call(called['name'], called['arguments']);
  return isJsonObject(custom) ? call(custom['name'], custom['input']) : call(undefined, '');
}

function call(name: unknown, input: unknown): TranscriptEntry {
  const text = typeof input === 'string' ? input : JSON.stringify(input ?? {}, null, 2);
  return { kind: 'call', name: typeof name === 'string' ? name : 'unknown', input: text };
}

function output(content: unknown): TranscriptEntry {
  return { kind: 'output', text: partsOf(content).map(textOf).join('\n') };
}

function partsOf(content: unknown): readonly JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsIn(content);
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textOf({ type, text, refusal }: JsonObject): string {
  if (typeof text === 'string') return text;
  if (typeof refusal === 'string') return refusal;
  return typeof type === 'string' && type.includes('image') ? '(image)' : '';
}
