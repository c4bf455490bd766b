import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { ContentPart, ImageContent } from '../../../translation/model-request.ts';
import { isText, objectsIn, textAt } from '../../common/read-event.ts';

/** The parts of a message, or of what came of a call: a text, or a list of parts. Parts of no known kind say nothing. */
export function readParts(content: unknown): readonly ContentPart[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (content !== null && typeof content === 'object' && !Array.isArray(content))
    return [{ kind: 'text', text: JSON.stringify(content) }];
  return objectsIn(content).flatMap(readPart);
}

/** The texts alone, each a part. */
export function readTexts(content: unknown): readonly string[] {
  return readParts(content).flatMap((part) => (part.kind === 'text' ? [part.text] : []));
}

function readPart(part: JsonObject): readonly ContentPart[] {
  switch (part['type']) {
    case 'input_image':
    case 'computer_screenshot':
      return [readImage(textAt(part, 'image_url'), textAt(part, 'detail') || undefined)];
    case 'input_file':
      return readFile(part);
    case 'refusal':
      return [{ kind: 'text', text: textAt(part, 'refusal') }];
    default:
      return isText(part['text']) ? [{ kind: 'text', text: part['text'] }] : [];
  }
}

const dataUrl = /^data:([^;,]+)(?:;[^,;]*)*;base64,/;

/** A picture by its address, which may hold the picture itself. */
function readImage(url: string, detail: string | undefined): ImageContent {
  const start = dataUrl.exec(url.slice(0, 200));
  if (start === null) return { kind: 'image', mediaType: undefined, data: undefined, url, detail };
  const [prefix, mediaType] = start;
  return { kind: 'image', mediaType, data: url.slice(prefix.length), url: undefined, detail };
}

function readFile(part: JsonObject): readonly ContentPart[] {
  const name = textAt(part, 'filename') || undefined;
  const start = dataUrl.exec(textAt(part, 'file_data').slice(0, 200));
  if (start === null)
    return [{ kind: 'text', text: `[a file that cannot be given to this model: ${name ?? 'unnamed'}]` }];
  const [prefix, mediaType = ''] = start;
  return [{ kind: 'file', name, mediaType, data: textAt(part, 'file_data').slice(prefix.length) }];
}
