import { textOf, type OutcomePart, type ToolOutcome } from '../../features/mcp/tool-outcome.ts';
import type { ImagePart } from '../../protocol/apis/prompt-part.ts';
import type { CallAnswer } from '../call-checks.ts';

/** What all providers take. */
const imageTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** In characters of base64; the Messages API refuses more. */
const maxImageLength = 5 * 1024 * 1024;
const maxImages = 20;

/** What came of a tool's call, for the model: texts as one text, images beside it, and a note on what is left out. */
export function answerOf(outcome: ToolOutcome): CallAnswer {
  const others = outcome.parts.filter((part) => part.kind !== 'text');
  const images = others.flatMap((part) => imageOf(part) ?? []).slice(0, maxImages);
  const left = others.length - images.length;
  const notes =
    left === 0 ? [] : [`[${left} image(s) or sound(s) left out: too large, too many or of another kind]`];
  const output = [textOf(outcome), ...notes].filter((text) => text !== '').join('\n');
  return { output, isError: outcome.isError, ...(images.length > 0 && { images }) };
}

function imageOf(part: OutcomePart): ImagePart | undefined {
  if (part.kind !== 'image' || !imageTypes.has(part.mimeType) || part.data.length > maxImageLength)
    return undefined;
  return { kind: 'image', mediaType: part.mimeType, base64: part.data };
}
