import type { JsonObject } from '../../../../../kernel/json-object.ts';
import type { Entry, ReasoningEntry, Tool } from '../../../../translation/model-request.ts';
import { holdsSeal, openOriginal } from '../../../../translation/original.ts';
import { instructionEntries } from '../../../../translation/told/spoken-parts.ts';
import { foundToolsText } from '../../../../translation/told/told-texts.ts';
import { isText, objectsIn, textAt } from '../../../common/read-event.ts';
import { isRunResult, readOtherBlock, readRunResult } from './read-other-blocks.ts';
import { readMessagesPart, readMessagesParts } from './read-parts.ts';

/** What a message of a conversation says. `deferred`: tools that are offered once a search has found them. */
export function readMessage(message: JsonObject, deferred: readonly Tool[]): readonly Entry[] {
  const { role, content } = message;
  if (role === 'system') return instructionEntries(readMessagesParts(content));
  const blocks = isText(content) ? [{ type: 'text', text: content }] : objectsIn(content);
  if (role === 'assistant') return blocks.flatMap(readModelBlock);
  return blocks.flatMap((block): readonly Entry[] => {
    if (block['type'] === 'tool_result') return [readResult(block, deferred)];
    if (isRunResult(block)) return [readRunResult(block)];
    const parts = readMessagesPart(block);
    return parts.length === 0 ? [] : [{ kind: 'user', parts }];
  });
}

function readModelBlock(block: JsonObject): readonly Entry[] {
  switch (block['type']) {
    case 'text':
      return [{ kind: 'said', text: textAt(block, 'text') }];
    case 'thinking':
    case 'redacted_thinking':
      return [readThinking(block)];
    default:
      return readOtherBlock(block);
  }
}

/** In the place of a signature, what another provider wants back; any other is Claude's own. */
function readThinking(block: JsonObject): ReasoningEntry {
  const original = holdsSeal(block)
    ? (openOriginal(block['signature']) ?? openOriginal(block['data']))
    : ({ origin: 'anthropic', blocks: [block] } as const);
  return { kind: 'reasoning', text: textAt(block, 'thinking'), original };
}

function readResult(block: JsonObject, deferred: readonly Tool[]): Entry {
  const { content } = block;
  const references = objectsIn(content).filter(({ type }) => type === 'tool_reference');
  const names = new Set(references.map((reference) => textAt(reference, 'tool_name')));
  // Most find nothing, and none of those is to cost a look at all tools.
  const foundTools = names.size === 0 ? [] : deferred.filter(({ name }) => names.has(name));
  const found = names.size === 0 ? [] : [{ kind: 'text', text: foundToolsText(foundTools) } as const];
  return {
    kind: 'result',
    callId: textAt(block, 'tool_use_id'),
    parts: [...readMessagesParts(content), ...found],
    isError: block['is_error'] === true,
    foundTools,
  };
}
