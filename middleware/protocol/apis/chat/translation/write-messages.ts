import type { JsonObject } from '../../../../kernel/json-object.ts';
import { functionArguments } from '../../../translation/as-function.ts';
import type { CallEntry, ContentPart, Entry, ResultEntry } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { goesBackTo } from '../../../translation/original.ts';
import { splitInstructions } from '../../../translation/split-instructions.ts';
import { stepsOf, type Step } from '../../../translation/steps.ts';
import { compactionPrompt, toldInstructions, toldSummary } from '../../../translation/told/told-texts.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { callIdsFor, withOriginals } from './originals.ts';
import { hasImages, textOf, writeUserContent } from './write-parts.ts';

interface ChatPlace {
  readonly names: ToolNames;
  readonly traits: ModelTraits;
  /** What else the model is told at the beginning. */
  readonly instructions: readonly string[];
}

interface TurnPlace extends ChatPlace {
  /** The id of a call for the provider. */
  readonly idOf: (callId: string) => string;
}

/** The conversation, a message for each turn; what came of calls is a message for each call, behind the model's own. */
export function writeChatMessages(entries: readonly Entry[], place: ChatPlace): readonly JsonObject[] {
  const { instructions, rest } = splitInstructions(entries);
  const turnPlace = { ...place, idOf: callIdsFor(ownBlocks(entries, place.traits)) };
  const system = [...instructions, ...place.instructions];
  return [
    ...(system.length === 0 ? [] : [{ role: 'system', content: system.join('\n\n') }]),
    ...stepsOf(rest).flatMap((step) => writeStep(step, turnPlace)),
  ];
}

function writeStep({ speaker, entries }: Step, place: TurnPlace): readonly JsonObject[] {
  if (speaker === 'model') return writeTurn(entries, place);
  if (speaker === 'tool')
    return writeResults(
      entries.filter((entry) => entry.kind === 'result'),
      place,
    );
  const parts = entries.flatMap(userParts);
  return parts.length === 0 ? [] : [{ role: 'user', content: writeUserContent(parts, place.traits) }];
}

function userParts(entry: Entry): readonly ContentPart[] {
  switch (entry.kind) {
    case 'user':
      return entry.parts;
    case 'instructions':
      return entry.texts.map((text) => ({ kind: 'text', text: toldInstructions(text) }));
    case 'summary':
      return [{ kind: 'text', text: toldSummary(entry.text) }];
    case 'compact':
      return [{ kind: 'text', text: compactionPrompt }];
    case 'said':
    case 'reasoning':
    case 'call':
    case 'result':
      return [];
  }
}

function writeTurn(step: readonly Entry[], place: TurnPlace): readonly JsonObject[] {
  const said = step.flatMap((entry) => (entry.kind === 'said' ? [entry.text] : []));
  const calls = step.filter((entry) => entry.kind === 'call').map((call) => writeCall(call, place));
  if (said.length === 0 && calls.length === 0) return [];
  const message = {
    role: 'assistant',
    content: said.length === 0 ? null : said.join('\n\n'),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  const { traits, idOf } = place;
  return [withOriginals(message, ownBlocks(step, traits), { provider: traits.provider, idOf })];
}

function ownBlocks(entries: readonly Entry[], traits: ModelTraits): readonly JsonObject[] {
  return entries.flatMap((entry) =>
    entry.kind === 'reasoning' && goesBackTo(traits.maker, 'openai-compatible', entry.original)
      ? entry.original.blocks
      : [],
  );
}

function writeCall(call: CallEntry, { names, idOf }: TurnPlace): JsonObject {
  const { callKind, callId, namespace, name } = call;
  return {
    id: idOf(callId),
    type: 'function',
    function: {
      name: names.nameOf({ kind: callKind, namespace, name }),
      arguments: functionArguments(call),
    },
  };
}

/** The results hold texts alone; their pictures follow in a message of the user, behind all of them. */
function writeResults(results: readonly ResultEntry[], { traits, idOf }: TurnPlace): readonly JsonObject[] {
  const messages = results.map((result) => ({
    role: 'tool',
    tool_call_id: idOf(result.callId),
    content: resultText(result, traits),
  }));
  const pictures = traits.takesImages ? results.filter(({ parts }) => hasImages(parts)) : [];
  if (pictures.length === 0) return messages;
  const parts = pictures.flatMap(({ callId, parts: all }): readonly ContentPart[] => [
    { kind: 'text', text: `The images of the result of the call ${idOf(callId)}:` },
    ...all.filter(({ kind }) => kind === 'image'),
  ]);
  return [...messages, { role: 'user', content: writeUserContent(parts, traits) }];
}

/** A failure of which nothing is said would look like a success. */
function resultText({ parts, isError }: ResultEntry, traits: ModelTraits): string {
  const text = textOf(parts, traits);
  return text.trim() === '' && isError ? 'The call failed.' : text;
}
