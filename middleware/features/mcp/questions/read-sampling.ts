import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import type { QuestionMessage } from '../../../protocol/apis/model-question.ts';
import type { ImagePart, PromptPart } from '../../../protocol/apis/prompt-part.ts';
import { pictureOf } from '../contents/picture-of.ts';

/** What a server asks a model: all that the model is told. */
export interface Sampling {
  readonly instructions: string;
  readonly messages: readonly QuestionMessage[];
  readonly maxTokens: number;
}

type SamplingReading =
  | { readonly kind: 'good'; readonly sampling: Sampling }
  | { readonly kind: 'refused'; readonly fault: string };

const maxMessages = 100;
/** Of all texts together, in characters. */
const maxLength = 100_000;
const maxImages = 10;
/** The Responses API takes no lower limit. */
const [fewestTokens, mostTokens] = [16, 4_096];
/** The APIs want some. */
const defaultInstructions = 'Answer what you are asked.';

/**
 * Reads what a server wants to know of a model. What of it only advises is passed over: which model is preferred, the
 * temperature, where to stop, and what of the conversation is to be included, which is none of its business.
 */
export function readSampling(params: unknown): SamplingReading {
  const { systemPrompt, messages, maxTokens, tools, toolChoice } = isJsonObject(params) ? params : {};
  if (tools !== undefined || toolChoice !== undefined) return refused('it offers tools to the model');
  const read = readMessages(messages);
  if (typeof read === 'string') return refused(read);
  const instructions =
    typeof systemPrompt === 'string' && systemPrompt.trim() !== '' ? systemPrompt : defaultInstructions;
  const parts = read.flatMap(partsOf);
  const length = parts.reduce((sum, part) => sum + textOf(part).length, instructions.length);
  if (length > maxLength) return refused(`its texts are longer than ${maxLength} characters`);
  if (parts.filter(({ kind }) => kind === 'image').length > maxImages)
    return refused(`it has more than ${maxImages} images`);
  return { kind: 'good', sampling: { instructions, messages: read, maxTokens: withinLimits(maxTokens) } };
}

function withinLimits(maxTokens: unknown): number {
  const tokens = typeof maxTokens === 'number' ? Math.floor(maxTokens) : mostTokens;
  return Math.min(Math.max(tokens, fewestTokens), mostTokens);
}

function refused(fault: string): SamplingReading {
  return { kind: 'refused', fault };
}

/** All messages, or what is wrong with them. */
function readMessages(messages: unknown): readonly QuestionMessage[] | string {
  if (!Array.isArray(messages) || messages.length === 0) return 'it has no messages';
  if (messages.length > maxMessages) return `it has more than ${maxMessages} messages`;
  const read: QuestionMessage[] = [];
  for (const message of messages as readonly unknown[]) {
    const reading = readMessage(message);
    if (typeof reading === 'string') return reading;
    read.push(reading);
  }
  return read;
}

/** A message, or what is wrong with it. */
function readMessage(message: unknown): QuestionMessage | string {
  const { role, content }: JsonObject = isJsonObject(message) ? message : {};
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  const parts: PromptPart[] = [];
  for (const block of blocks) {
    const part = readPart(block);
    if (typeof part === 'string') return part;
    parts.push(part);
  }
  if (parts.length === 0) return 'one of its messages is empty';
  if (role === 'user') return { role, parts };
  if (role !== 'assistant') return 'one of its messages is neither of the user nor of the model';
  if (parts.some(({ kind }) => kind === 'image')) return 'it has an image that the model is to have made';
  return { role, text: parts.map(textOf).join('\n\n') };
}

function readPart(block: unknown): PromptPart | string {
  const { type, text, data, mimeType }: JsonObject = isJsonObject(block) ? block : {};
  if (type === 'text' && typeof text === 'string') return { kind: 'text', text };
  if (type !== 'image')
    return `it has content of another kind than text and images: ${visibleLine(typeof type === 'string' ? type : typeof type, 50)}`;
  const image =
    typeof data === 'string' && typeof mimeType === 'string' ? imageOf(data, mimeType) : undefined;
  return image ?? 'one of its images is too large, or of another kind';
}

function imageOf(data: string, mimeType: string): ImagePart | undefined {
  return pictureOf({ kind: 'image', data, mimeType });
}

function partsOf(message: QuestionMessage): readonly PromptPart[] {
  return message.role === 'user' ? message.parts : [{ kind: 'text', text: message.text }];
}

function textOf(part: PromptPart): string {
  return part.kind === 'text' ? part.text : '';
}
