import type { JsonObject } from '../../../kernel/json-object.ts';
import type { ImagePart } from '../prompt-part.ts';

/** An image as a part of a message of the user, or of what came of a call. */
export function responsesImage({ mediaType, base64 }: ImagePart): JsonObject {
  return { type: 'input_image', image_url: `data:${mediaType};base64,${base64}` };
}
