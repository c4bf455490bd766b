import type { JsonObject } from '../../../kernel/json-object.ts';
import type { ImagePart } from '../prompt-part.ts';

/** An image as a block of a message of the user. */
export function messagesImage({ mediaType, base64 }: ImagePart): JsonObject {
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data: base64 } };
}
