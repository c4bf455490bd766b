import type { JsonObject } from '../../../../kernel/json-object.ts';
import { fileAt, pictureAt } from '../../../translation/data-url.ts';
import type { ContentPart } from '../../../translation/model-request.ts';
import { leftOutContent } from '../../../translation/told/told-texts.ts';
import { inputAt, isText, objectAt, objectsIn, textAt } from '../../common/read-event.ts';

/** The parts of a message: a text, or a list of parts. */
export function readChatParts(content: unknown): readonly ContentPart[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return objectsIn(content).flatMap(readPart);
}

function readPart(part: JsonObject): readonly ContentPart[] {
  const { type, text } = part;
  switch (type) {
    case 'image_url': {
      const image = objectAt(part, 'image_url');
      // Some clients have the address without an object around it.
      const url = textAt(image, 'url') || textAt(part, 'image_url');
      return [pictureAt(url, textAt(image, 'detail') || undefined)];
    }
    case 'file': {
      const file = objectAt(part, 'file');
      return [fileAt(textAt(file, 'file_data'), textAt(file, 'filename') || inputAt(file, 'file_id'))];
    }
    case 'refusal':
      return [{ kind: 'text', text: textAt(part, 'refusal') }];
    default:
      if (isText(text)) return [{ kind: 'text', text }];
      return type === 'text' ? [] : [leftOutContent(type)];
  }
}
