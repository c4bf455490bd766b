import { isJsonObject, type JsonObject } from '../../../../../kernel/json-object.ts';
import { fileAt, pictureAt } from '../../../../translation/data-url.ts';
import type { ContentPart } from '../../../../translation/model-request.ts';
import { leftOutContent, leftOutImage } from '../../../../translation/told/told-texts.ts';
import { isText, objectsIn, textAt } from '../../../common/read-event.ts';

/** The parts of a message, or of what came of a call: a text, or a list of parts. Those of no known kind are told of. */
export function readParts(content: unknown): readonly ContentPart[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (content !== null && typeof content === 'object' && !Array.isArray(content))
    return [{ kind: 'text', text: JSON.stringify(content) }];
  return objectsIn(content).flatMap(readPart);
}

/** Whether each piece of a list is a part that a message may have. */
export function areParts(content: unknown): content is readonly JsonObject[] {
  return Array.isArray(content) && content.every((part) => isJsonObject(part) && isKnown(part['type']));
}

function isKnown(type: unknown): boolean {
  return texts.has(type) || others.has(type);
}

function readPart(part: JsonObject): readonly ContentPart[] {
  switch (part['type']) {
    case 'input_image':
    case 'computer_screenshot':
      return [readPicture(part)];
    case 'input_file':
      return [fileAt(textAt(part, 'file_data'), textAt(part, 'filename') || undefined)];
    case 'refusal':
      return [{ kind: 'text', text: textAt(part, 'refusal') }];
    default:
      if (isText(part['text'])) return [{ kind: 'text', text: part['text'] }];
      return texts.has(part['type']) ? [] : [leftOutContent(part['type'])];
  }
}

/** Which may be empty. */
const texts: ReadonlySet<unknown> = new Set([
  'input_text',
  'output_text',
  'text',
  'summary_text',
  'reasoning_text',
]);

const others: ReadonlySet<unknown> = new Set(['input_image', 'computer_screenshot', 'input_file', 'refusal']);

/** One that OpenAI keeps is told of: nobody else has it. */
function readPicture(part: JsonObject): ContentPart {
  const url = textAt(part, 'image_url');
  if (url === '')
    return {
      kind: 'text',
      text: leftOutImage('it is kept at another provider'),
      leftOut: 'image of another provider',
    };
  return pictureAt(url, textAt(part, 'detail') || undefined);
}
