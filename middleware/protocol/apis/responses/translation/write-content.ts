import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { ContentPart, ImageContent } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { pictureType } from '../../../translation/picture-type.ts';
import { leftOutImage } from '../../../translation/told/told-texts.ts';

/** What the user says, or what came of a call. Empty texts are left out. */
export function writeContent(parts: readonly ContentPart[], traits: ModelTraits): readonly JsonObject[] {
  return parts.map((part) => writePart(part, traits)).filter(({ text }) => text !== '');
}

export function textPart(text: string): JsonObject {
  return { type: 'input_text', text };
}

function writePart(part: ContentPart, traits: ModelTraits): JsonObject {
  switch (part.kind) {
    case 'text':
      return textPart(part.text);
    case 'image':
      return writeImage(part, traits);
    case 'file':
      return writeFile(part);
  }
}

function writeImage({ data, url, detail }: ImageContent, { takesImages }: ModelTraits): JsonObject {
  if (!takesImages) return textPart(leftOutImage('this model takes no images'));
  const address = data === undefined ? url : dataUrl(data);
  if (address === undefined || !/^(?:https?|data):/i.test(address))
    return textPart(leftOutImage('the model does not take its format'));
  return { type: 'input_image', image_url: address, detail: detail ?? 'auto' };
}

function dataUrl(data: string): string | undefined {
  const type = pictureType(data);
  return type === undefined ? undefined : `data:${type};base64,${data}`;
}

/** PDFs as they are; what is text is read here. */
function writeFile({ name, mediaType, data }: Extract<ContentPart, { kind: 'file' }>): JsonObject {
  if (mediaType.startsWith('text/'))
    return textPart(`${name ?? 'file'}:\n${Buffer.from(data, 'base64').toString()}`);
  if (mediaType !== 'application/pdf')
    return textPart(`[the file ${name ?? 'unnamed'} was left out: the model takes no ${mediaType}]`);
  const filename = name === undefined || !/\.pdf$/i.test(name) ? `${name ?? 'document'}.pdf` : name;
  return { type: 'input_file', filename, file_data: `data:${mediaType};base64,${data}` };
}
