import type { JsonObject } from '../../../kernel/json-object.ts';
import type { QuestionMessage } from '../model-question.ts';
import type { ImagePart } from '../prompt-part.ts';

/** What a message of a question says, where a text alone need be no list of parts. */
export function questionContent(
  message: QuestionMessage,
  imagePart: (image: ImagePart) => JsonObject,
): string | readonly JsonObject[] {
  if (message.role === 'assistant') return message.text;
  const { parts } = message;
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'text') return first.text;
  return parts.map((part) => (part.kind === 'text' ? { type: 'text', text: part.text } : imagePart(part)));
}
