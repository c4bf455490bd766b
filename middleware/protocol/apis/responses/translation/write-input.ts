import type { JsonObject } from '../../../../kernel/json-object.ts';
import { providerCallId } from '../../../translation/call-id.ts';
import { functionArguments } from '../../../translation/as-function.ts';
import type { CallEntry, Entry, ReasoningEntry, ResultEntry } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { goesBackTo } from '../../../translation/original.ts';
import { stepsOf } from '../../../translation/steps.ts';
import { compactionPrompt, toldSummary } from '../../../translation/told/told-texts.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { textPart, writeContent } from './write-content.ts';
import { unmarked } from './litellm-marks.ts';

/** A conversation as items, each entry one, none with an id: the provider keeps none of them. */
export function writeInput(
  entries: readonly Entry[],
  names: ToolNames,
  traits: ModelTraits,
): readonly JsonObject[] {
  return thoughtsBeforeOutput(entries).flatMap((entry) => writeItem(entry, names, traits));
}

/**
 * OpenAI takes a thought only before what came of it. Clients that show no thoughts send them behind the calls, and of a turn that
 * was interrupted there may be nothing else.
 */
function thoughtsBeforeOutput(entries: readonly Entry[]): readonly Entry[] {
  return stepsOf(entries).flatMap(({ speaker, entries: turn }) => {
    if (speaker !== 'model') return turn;
    const last = turn.findLastIndex(({ kind }) => kind !== 'reasoning');
    const firstCall = turn.findIndex(({ kind }) => kind === 'call');
    // Without a call nothing can come of the last thoughts.
    if (firstCall < 0) return turn.slice(0, last + 1);
    return [...turn.slice(0, firstCall), ...turn.slice(last + 1), ...turn.slice(firstCall, last + 1)];
  });
}

function writeItem(entry: Entry, names: ToolNames, traits: ModelTraits): readonly JsonObject[] {
  switch (entry.kind) {
    case 'instructions':
      return message('developer', entry.texts.filter((text) => text.trim() !== '').map(textPart));
    case 'user':
      return message('user', writeContent(entry.parts, traits));
    case 'said':
      return [
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: entry.text, annotations: [] }],
        },
      ];
    case 'reasoning':
      return writeReasoning(entry, traits);
    case 'call':
      return [writeCall(entry, names)];
    case 'result':
      return [writeResult(entry, traits)];
    case 'summary':
      return message('user', [textPart(toldSummary(entry.text))]);
    case 'compact':
      return message('user', [textPart(compactionPrompt)]);
  }
}

function message(role: 'developer' | 'user', content: readonly JsonObject[]): readonly JsonObject[] {
  return content.length === 0 ? [] : [{ type: 'message', role, content }];
}

/** What its own provider gave, which alone can read it. */
function writeReasoning(
  { text, original }: ReasoningEntry,
  { maker, isDirect }: ModelTraits,
): readonly JsonObject[] {
  if (!goesBackTo(maker, 'openai', original)) return [];
  return original.blocks.map(({ encrypted_content: content }, index) => ({
    type: 'reasoning',
    summary: text === '' || index > 0 ? [] : [{ type: 'summary_text', text }],
    encrypted_content: isDirect && typeof content === 'string' ? unmarked(content) : content,
  }));
}

function writeCall(call: CallEntry, names: ToolNames): JsonObject {
  const { callKind, callId, namespace, name } = call;
  return {
    type: 'function_call',
    call_id: providerCallId(callId),
    name: names.nameOf({ kind: callKind, namespace, name }),
    arguments: functionArguments(call),
  };
}

/** A text where that is all, and a failure that says nothing in words: it would look like a success. */
function writeResult({ callId, parts, isError }: ResultEntry, traits: ModelTraits): JsonObject {
  const content = writeContent(parts, traits);
  const texts = content.flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
  const said = texts.join('\n');
  const whole = said.trim() === '' && isError ? 'The call failed.' : said;
  return {
    type: 'function_call_output',
    call_id: providerCallId(callId),
    output: texts.length === content.length ? whole : content,
  };
}
