import { addAll } from '../../../../kernel/bounds/add-all.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import { providerCallId } from '../../../translation/call-id.ts';
import { customInputKey, inputObject } from '../../../translation/inputs/custom-input.ts';
import type { CallEntry, Entry, ResultEntry } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { goesBackTo } from '../../../translation/original.ts';
import { isOfModel } from '../../../translation/steps.ts';
import { compactionPrompt, toldInstructions, toldSummary } from '../../../translation/told/told-texts.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { writeParts } from './write-parts.ts';

interface MessagesPlace {
  readonly names: ToolNames;
  readonly traits: ModelTraits;
  readonly keepsThinking: boolean;
}

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: JsonObject[];
}

/** The conversation in turns of the user and the model. What came of calls stands first in the user's. */
export function writeMessages(entries: readonly Entry[], place: MessagesPlace): readonly JsonObject[] {
  const messages: Message[] = [];
  for (const entry of entries) {
    const role = isOfModel(entry) ? 'assistant' : 'user';
    const blocks = blocksOf(entry, place);
    if (blocks.length === 0) continue;
    const last = messages.at(-1);
    if (last?.role === role) addAll(last.content, blocks);
    else messages.push({ role, content: [...blocks] });
  }
  // The first word is always the user's.
  if (messages[0]?.role === 'assistant')
    messages.unshift({ role: 'user', content: [{ type: 'text', text: 'Continue.' }] });
  return messages.map((message) => ({ ...message }));
}

function blocksOf(entry: Entry, place: MessagesPlace): readonly JsonObject[] {
  switch (entry.kind) {
    case 'instructions':
      return entry.texts.map((text) => ({ type: 'text', text: toldInstructions(text) }));
    case 'user':
      return writeParts(entry.parts, place.traits);
    case 'said':
      return [{ type: 'text', text: entry.text }];
    case 'reasoning':
      return place.keepsThinking && goesBackTo(place.traits.maker, 'anthropic', entry.original)
        ? entry.original.blocks
        : [];
    case 'call':
      return [callBlock(entry, place.names)];
    case 'result':
      return [resultBlock(entry, place.traits)];
    case 'summary':
      return [{ type: 'text', text: toldSummary(entry.text) }];
    case 'compact':
      return [{ type: 'text', text: compactionPrompt }];
  }
}

function callBlock(call: CallEntry, names: ToolNames): JsonObject {
  const name = names.nameOf({ kind: call.callKind, namespace: call.namespace, name: call.name });
  return { type: 'tool_use', id: providerCallId(call.callId), name, input: inputOf(call) };
}

/** Anthropic takes an object. */
function inputOf({ callKind, input }: CallEntry): JsonObject {
  return callKind === 'custom' ? { [customInputKey]: input } : inputObject(input);
}

function resultBlock({ callId, parts, isError }: ResultEntry, traits: ModelTraits): JsonObject {
  const written = writeParts(parts, traits);
  const content: readonly JsonObject[] =
    written.length === 0 && isError ? [{ type: 'text', text: 'The call failed.' }] : written;
  return {
    type: 'tool_result',
    tool_use_id: providerCallId(callId),
    ...(content.length === 0 ? {} : { content }),
    ...(isError ? { is_error: true } : {}),
  };
}
