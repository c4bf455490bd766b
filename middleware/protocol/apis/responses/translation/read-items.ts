import { CodexPlusError } from '../../../../kernel/errors.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { CallKind, ContentPart, Entry, ResultEntry } from '../../../translation/model-request.ts';
import { openOriginal, openSummary } from '../../../translation/original.ts';
import { foundToolsText } from '../../../translation/told-texts.ts';
import { inputAt, objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { responsesCall } from '../calls.ts';
import { responsesResult } from '../results.ts';
import { readParts, readTexts } from './read-parts.ts';
import { readTools } from './read-tools.ts';

/** What an item of a conversation says; nothing for one that means something to OpenAI alone. */
export function readItem(item: JsonObject): readonly Entry[] {
  const type = textAt(item, 'type');
  if (type === '' || type === 'message' || type === 'agent_message') return readMessage(item);
  const kind = callKinds.get(type);
  if (kind !== undefined) return [readCall(item, kind)];
  if (builtIns.has(type)) return readBuiltInCall(item);
  switch (type) {
    case 'reasoning':
      return [readReasoning(item)];
    case 'compaction':
    case 'compaction_summary':
    case 'context_compaction':
      return [{ kind: 'summary', text: openSummary(item['encrypted_content']) }];
    case 'compaction_trigger':
      return [{ kind: 'compact' }];
    case 'item_reference':
      throw new CodexPlusError(
        'invalid_body',
        `the item "${textAt(item, 'id')}" is referred to by its id, and this model's provider keeps no items; send the item itself`,
      );
    default:
      return readResult(item);
  }
}

/** Calls that the client runs. What the provider ran itself has no meaning to another. */
const callKinds: ReadonlyMap<string, CallKind> = new Map([
  ['function_call', 'function'],
  ['custom_tool_call', 'custom'],
  ['tool_search_call', 'search'],
  ['local_shell_call', 'local_shell'],
]);

/** Calls of tools that OpenAI alone offers a model. */
const builtIns: ReadonlySet<string> = new Set(['apply_patch_call', 'computer_call', 'shell_call']);

function readMessage(item: JsonObject): readonly Entry[] {
  const { role, content } = item;
  if (role === 'assistant') return readTexts(content).map((text) => ({ kind: 'said', text }));
  if (role === 'user') return [{ kind: 'user', parts: readParts(content) }];
  // Messages between agents have no role: they are the user's no more than the system's are.
  return [{ kind: 'instructions', texts: readTexts(content) }];
}

function readReasoning(item: JsonObject): Entry {
  const shown = [...objectsIn(item['summary']), ...objectsIn(item['content'])];
  const text = shown.map((part) => textAt(part, 'text')).join('\n\n');
  return { kind: 'reasoning', text, original: openOriginal(item['encrypted_content']) };
}

const inputNames: Readonly<Record<CallKind, string>> = {
  function: 'arguments',
  custom: 'input',
  search: 'arguments',
  local_shell: 'action',
};

function readCall(item: JsonObject, callKind: CallKind): Entry {
  const names = { search: 'tool_search', local_shell: 'local_shell' } as const;
  const name = callKind === 'search' || callKind === 'local_shell' ? names[callKind] : textAt(item, 'name');
  return {
    kind: 'call',
    callKind,
    callId: textAt(item, 'call_id') || textAt(item, 'id'),
    namespace: textAt(item, 'namespace') || undefined,
    name,
    input: inputAt(item, inputNames[callKind]),
  };
}

/** A tool of OpenAI's own as a function of its name. Nothing for a call that OpenAI ran itself. */
function readBuiltInCall(item: JsonObject): readonly Entry[] {
  const call = responsesCall(item);
  if (call === undefined) return [];
  const { callId, namespace, name, input } = call;
  return [{ kind: 'call', callKind: 'function', callId, namespace, name, input }];
}

function readResult(item: JsonObject): readonly ResultEntry[] {
  const result = responsesResult(item);
  if (result === undefined) return [];
  const { callId, content, isError } = result;
  if (item['type'] !== 'tool_search_output')
    return [{ kind: 'result', callId, parts: resultParts(item, content), isError, foundTools: [] }];
  const foundTools = readTools(item['tools']);
  return [
    {
      kind: 'result',
      callId,
      parts: [{ kind: 'text', text: foundToolsText(foundTools) }],
      isError,
      foundTools,
    },
  ];
}

function resultParts(item: JsonObject, content: unknown): readonly ContentPart[] {
  switch (item['type']) {
    case 'computer_call_output':
      return readParts([item['output']]);
    case 'shell_call_output':
      return objectsIn(item['output']).flatMap(readPrinted);
    default:
      return readParts(content);
  }
}

/** What a command of a shell printed, and how it ended where that was not well. */
function readPrinted(command: JsonObject): readonly ContentPart[] {
  const { type, exit_code: code } = objectAt(command, 'outcome');
  const ended =
    type === 'timeout' ? '[timed out]' : typeof code === 'number' && code !== 0 ? `[exit code ${code}]` : '';
  return [textAt(command, 'stdout'), textAt(command, 'stderr'), ended]
    .filter((text) => text !== '')
    .map((text) => ({ kind: 'text', text }));
}
