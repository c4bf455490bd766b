import { parseJson, type JsonObject } from '../../../../kernel/json-object.ts';
import type { CallBegin } from '../../../translation/answer-event.ts';
import type { CallKind } from '../../../translation/model-request.ts';

/** Kinds of calls whose input is streamed; that of the others comes with the whole item. */
export const deltaEvents: ReadonlyMap<CallKind, { readonly name: string; readonly member: string }> = new Map(
  [
    ['function', { name: 'function_call_arguments', member: 'arguments' }],
    ['custom', { name: 'custom_tool_call_input', member: 'input' }],
  ],
);

/** How the ids of the items begin. */
export const callPrefixes: Readonly<Record<CallKind, string>> = {
  function: 'fc',
  custom: 'ctc',
  search: 'tsc',
  local_shell: 'lsc',
};

/** A call in the kind in which its client takes it. */
export function callItem(
  id: string,
  { callKind, callId, name, namespace }: CallBegin,
  input: string,
): JsonObject {
  const named = { name, ...(namespace === undefined ? {} : { namespace }) };
  const common = { id, status: 'completed', call_id: callId };
  switch (callKind) {
    case 'function':
      return { type: 'function_call', ...common, ...named, arguments: input };
    case 'custom':
      return { type: 'custom_tool_call', ...common, ...named, input };
    case 'search':
      return { type: 'tool_search_call', ...common, execution: 'client', arguments: searchArguments(input) };
    case 'local_shell':
      return { type: 'local_shell_call', ...common, action: actionOf(parseJson(input)) };
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
