import { parseJson, type JsonObject } from '../../../../kernel/json-object.ts';
import type { CallBegin } from '../../../translation/answer-event.ts';
import type { CallKind } from '../../../translation/model-request.ts';
import { callKinds, type CallType, type ResponsesCallKind } from '../calls/call-kinds.ts';

/** As which item a call is written. */
const writtenAs = {
  function: 'function_call',
  custom: 'custom_tool_call',
  search: 'tool_search_call',
  local_shell: 'local_shell_call',
} as const satisfies Readonly<Record<CallKind, CallType>>;

/** What the API has of calls of a kind: how their ids begin, and how their input is streamed. */
export function writtenKind(kind: CallKind): ResponsesCallKind {
  return callKinds[writtenAs[kind]];
}

/** A call in the kind in which its client takes it. */
export function callItem(
  id: string,
  { callKind, callId, name, namespace }: CallBegin,
  input: string,
): JsonObject {
  const named = { name, ...(namespace === undefined ? {} : { namespace }) };
  const common = { type: writtenAs[callKind], id, status: 'completed', call_id: callId };
  switch (callKind) {
    case 'function':
      return { ...common, ...named, arguments: input };
    case 'custom':
      return { ...common, ...named, input };
    case 'search':
      return { ...common, execution: 'client', arguments: searchArguments(input) };
    case 'local_shell':
      return { ...common, action: actionOf(parseJson(input)) };
  }
}

/** What is no JSON stays the text that the model wrote: the client says to it what is wrong. */
function searchArguments(input: string): unknown {
  return input.trim() === '' ? {} : (parseJson(input) ?? input);
}

/** Whether clients take a call of this kind whose input is no object: one of `local_shell` they would leave out without a word. */
export function takesText(kind: CallKind): boolean {
  return kind !== 'local_shell';
}

/** The model names the members of the action alone. */
function actionOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null ? { type: 'exec', env: {}, ...input } : {};
}

/** `sealed`: what its provider wants back. */
export function reasoningItem(id: string, text: string, sealed: string | undefined): JsonObject {
  return {
    id,
    type: 'reasoning',
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
    encrypted_content: sealed ?? null,
  };
}
