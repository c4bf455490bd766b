import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { ContentPart, ImageContent } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { leftOutImage } from '../../../translation/told/told-texts.ts';
import { pictureType } from '../../../translation/picture-type.ts';

/** Anthropic's limit for one picture, in bytes of base64. */
const maxPicture = 5 * 1024 * 1024;

/** The parts that say something, as content blocks. A picture that would be refused is told of in words. */
export function writeParts(parts: readonly ContentPart[], traits: ModelTraits): readonly JsonObject[] {
  return parts.flatMap((part) => {
    switch (part.kind) {
      case 'text':
        return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
      case 'image':
        return [traits.takesImages ? imageBlock(part) : text(leftOutImage('this model takes no images'))];
      case 'file':
        return [fileBlock(part)];
    }
  });
}

function imageBlock({ data, url, mediaType }: ImageContent): JsonObject {
  if (data === undefined) {
    const isAddress = url !== undefined && /^https:/i.test(url);
    return isAddress
      ? { type: 'image', source: { type: 'url', url } }
      : text(leftOutImage('its address cannot be used'));
  }
  // The type has to be that of the bytes, whatever their sender says.
  const type = pictureType(data);
  if (type === undefined) return text(leftOutImage(`the model takes no ${mediaType ?? 'such format'}`));
  if (data.length > maxPicture) return text(leftOutImage('it is larger than 5 MB'));
  return { type: 'image', source: { type: 'base64', media_type: type, data } };
}

function fileBlock({
  mediaType,
  data,
  name = 'unnamed',
}: Extract<ContentPart, { kind: 'file' }>): JsonObject {
  if (mediaType === 'application/pdf')
    return { type: 'document', source: { type: 'base64', media_type: mediaType, data } };
  if (mediaType.startsWith('text/')) return text(`${name}:\n${Buffer.from(data, 'base64').toString()}`);
  return text(`[the file ${name} was left out: the model takes no ${mediaType}]`);
}

function text(words: string): JsonObject {
  return { type: 'text', text: words };
}
