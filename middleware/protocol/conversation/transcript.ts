import type { Api } from '../../kernel/exchange.ts';
import { parseJson, type JsonObject } from '../../kernel/json-object.ts';
import { codecOf } from '../apis/codec-of.ts';
import type { HistoryCodec } from '../apis/history-codec.ts';
import { objectsIn } from '../apis/common/read-event.ts';
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
  const { history } = codecOf(api);
  return Array.from({ length: Math.min(end, conversation.length) }, (_, index) =>
    entriesOf(conversation.at(index), history),
  ).flat();
}

/** Of a message with all of it, results stand first, since they answer what was called before, and calls last. */
function entriesOf(
  item: JsonObject,
  { callsIn, resultsIn, hasObjectInputs }: HistoryCodec,
): readonly TranscriptEntry[] {
  return [
    ...resultsIn(item).map(({ content }) => output(content)),
    ...messageIn(item),
    ...callsIn(item).map(({ name, input }) => ({
      kind: 'call' as const,
      name: name === '' ? 'unknown' : name,
      input: hasObjectInputs ? indented(input) : input,
    })),
  ];
}

function messageIn({ type = 'message', role, content }: JsonObject): readonly TranscriptEntry[] {
  if (type !== 'message' || (role !== 'user' && role !== 'assistant')) return [];
  const text = partsOf(content)
    .map(textOf)
    .filter((part) => part !== '' && (role === 'assistant' || !isAddedText(part)))
    .join('\n\n');
  return text === '' ? [] : [{ kind: 'message', role, text }];
}

function indented(json: string): string {
  const value = parseJson(json);
  return value === undefined ? json : JSON.stringify(value, null, 2);
}

function output(content: unknown): TranscriptEntry {
  return { kind: 'output', text: partsOf(content).map(textOf).join('\n') };
}

function partsOf(content: unknown): readonly JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsIn(content);
}

function textOf({ type, text, refusal }: JsonObject): string {
  if (typeof text === 'string') return text;
  if (typeof refusal === 'string') return refusal;
  return typeof type === 'string' && type.includes('image') ? '(image)' : '';
}
