import { CodexPlusError } from '../../../../../kernel/errors.ts';
import type { JsonObject } from '../../../../../kernel/json-object.ts';
import type { ContentPart, Entry, ResultEntry } from '../../../../translation/model-request.ts';
import { openOriginal, openSummary } from '../../../../translation/original.ts';
import { instructionEntries, saidTexts } from '../../../../translation/told/spoken-parts.ts';
import { foundToolsText } from '../../../../translation/told/told-texts.ts';
import { isText, objectAt, objectsIn, textAt } from '../../../common/read-event.ts';
import { answeredTypeOf, callKinds, callTypeOf, type CallType } from '../../calls/call-kinds.ts';
import { calledIn } from '../../calls/calls.ts';
import { answeredId, responsesResult } from '../../calls/results.ts';
import { readOtherItem } from './read-other-items.ts';
import { readParts } from './read-parts.ts';
import { readTools } from './read-tools.ts';

/** What the items of a conversation say, each in its place. */
export function readItems(items: readonly JsonObject[]): readonly Entry[] {
  return withSearchIds(items).flatMap((item, index) => readItem(item, `item_${index}`));
}

/** `id` is for a call that has none. */
function readItem(item: JsonObject, id: string): readonly Entry[] {
  const type = textAt(item, 'type');
  if (type === '' || type === 'message' || type === 'agent_message') return readMessage(item);
  const called = callTypeOf(item);
  if (called !== undefined) return [readCall(item, called, id)];
  const answered = answeredTypeOf(item);
  if (answered !== undefined) return [readResult(item, answered)];
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
      return readOtherItem(item, id);
  }
}

/** A search for tools that the provider makes needs no id there: what it found stands behind it. */
function withSearchIds(items: readonly JsonObject[]): readonly JsonObject[] {
  let last: string | undefined;
  return items.map((item, index) => {
    if (item['execution'] !== 'server' || isText(item['call_id'])) return item;
    if (callTypeOf(item) === 'tool_search_call') last = textAt(item, 'id') || `item_${index}`;
    return { ...item, call_id: last ?? item['id'] };
  });
}

function readMessage(item: JsonObject): readonly Entry[] {
  const { role, content } = item;
  if (role === 'assistant') return saidTexts(readParts(content)).map((text) => ({ kind: 'said', text }));
  if (role === 'user') return [{ kind: 'user', parts: readParts(content) }];
  // Messages between agents have no role: they are the user's no more than the system's are.
  return instructionEntries(readParts(content));
}

function readReasoning(item: JsonObject): Entry {
  const shown = [...objectsIn(item['summary']), ...objectsIn(item['content'])];
  const text = shown.map((part) => textAt(part, 'text')).join('\n\n');
  return { kind: 'reasoning', text, original: openOriginal(item['encrypted_content']) };
}

/** Also one that OpenAI ran itself. A tool of OpenAI's own is a function of its name. */
function readCall(item: JsonObject, type: CallType, id: string): Entry {
  const { callId, namespace, name, input } = calledIn(item, type);
  const given = callId || textAt(item, 'id') || id;
  return { kind: 'call', callKind: callKinds[type].callKind, callId: given, namespace, name, input };
}

function readResult(item: JsonObject, type: CallType): ResultEntry {
  const common = { kind: 'result', callId: answeredId(item, type), isError: false, foundTools: [] } as const;
  if (type === 'mcp_approval_request') return { ...common, ...readDecision(item) };
  if (type === 'tool_search_call') return { ...common, ...readFound(item) };
  const { content, isError = false } = responsesResult(item) ?? {};
  return { ...common, parts: resultParts(item, content), isError };
}

/** Where OpenAI looks for tools itself, the request lists all that it may find. */
function readFound(item: JsonObject): Pick<ResultEntry, 'parts' | 'foundTools'> {
  const found = readTools(item['tools']);
  const parts = [{ kind: 'text', text: foundToolsText(found) }] as const;
  return { parts, foundTools: item['execution'] === 'server' ? [] : found };
}

/** What the user said to a call of OpenAI's. */
function readDecision({ approve, reason }: JsonObject): Pick<ResultEntry, 'parts' | 'isError'> {
  const why = isText(reason) ? `: ${reason}` : '.';
  const text = approve === true ? `The user allowed the call${why}` : `The user refused the call${why}`;
  return { parts: [{ kind: 'text', text }], isError: approve !== true };
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
