import type { JsonObject } from '../../../../../kernel/json-object.ts';
import type { ContentPart, Entry, ResultEntry } from '../../../../translation/model-request.ts';
import { withoutMember } from '../../../../json/without-member.ts';
import { plainJson } from '../../../../translation/told/plain-form.ts';
import { toldPiece } from '../../../../translation/told/told-texts.ts';
import { inputAt, isText, objectAt, textAt } from '../../../common/read-event.ts';
import { areMessagesParts, readMessagesParts } from './read-parts.ts';

/** What a block of the model's turn says that is neither a text nor a thought: calls, those that Anthropic ran among them. */
export function readOtherBlock(block: JsonObject): readonly Entry[] {
  const type = textAt(block, 'type');
  if (type.endsWith('tool_use')) return [readCall(block)];
  if (isRunResult(block)) return [readRunResult(block)];
  // Of a conversation that Anthropic summed up.
  if (type === 'compaction') return [{ kind: 'summary', text: textAt(block, 'content') || undefined }];
  return [{ kind: 'said', text: toldPiece(type, plainJson(withoutMember(block, 'type'))) }];
}

/** Whether it is what came of a call that Anthropic ran. */
export function isRunResult(block: JsonObject): boolean {
  return block['type'] !== 'tool_result' && isText(block['tool_use_id']);
}

export function readRunResult(block: JsonObject): ResultEntry {
  const { content } = block;
  return {
    kind: 'result',
    callId: textAt(block, 'tool_use_id'),
    parts: readOutcome(content),
    isError: block['is_error'] === true || textAt(objectAt(block, 'content'), 'type').endsWith('_error'),
    foundTools: [],
  };
}

function readCall(block: JsonObject): Entry {
  const server = textAt(block, 'server_name');
  return {
    kind: 'call',
    callKind: 'function',
    callId: textAt(block, 'id'),
    namespace: server === '' ? undefined : `mcp__${server}`,
    name: textAt(block, 'name'),
    input: inputAt(block, 'input'),
  };
}

function readOutcome(content: unknown): readonly ContentPart[] {
  if (typeof content === 'string' || areMessagesParts(content)) return readMessagesParts(content);
  return content === undefined || content === null ? [] : [{ kind: 'text', text: plainJson(content) }];
}
