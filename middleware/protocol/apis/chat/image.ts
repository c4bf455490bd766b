import type { JsonObject } from '../../../kernel/json-object.ts';
import type { ImagePart } from '../prompt-part.ts';

/** An image as a part of a message of the user. */
export function chatImage({ mediaType, base64 }: ImagePart): JsonObject {
  return { type: 'image_url', image_url: { url: `data:${mediaType};base64,${base64}` } };
}
