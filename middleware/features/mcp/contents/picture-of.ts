import type { ImagePart } from '../../../protocol/apis/prompt-part.ts';
import type { OutcomePart } from '../tool-outcome.ts';

/** What all providers take. */
const imageTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** In characters of base64; the Messages API refuses more. */
const maxImageLength = 5 * 1024 * 1024;

/** Of what a server answers to one question. */
export const maxPictures = 20;

/** A part as a picture that every model's API takes; `undefined` where it is none. */
export function pictureOf(part: OutcomePart): ImagePart | undefined {
  if (part.kind !== 'image' || !imageTypes.has(part.mimeType) || part.data.length > maxImageLength)
    return undefined;
  return { kind: 'image', mediaType: part.mimeType, base64: part.data };
}
