import { maxPictures, pictureOf } from '../../features/mcp/contents/picture-of.ts';
import { textOf, type ToolOutcome } from '../../features/mcp/tool-outcome.ts';
import type { CallAnswer } from '../call-checks.ts';

/** What came of a tool's call, for the model: texts as one text, images beside it, and a note on what is left out. */
export function answerOf(outcome: ToolOutcome): CallAnswer {
  const others = outcome.parts.filter((part) => part.kind !== 'text');
  const images = others.flatMap((part) => pictureOf(part) ?? []).slice(0, maxPictures);
  const left = others.length - images.length;
  const notes =
    left === 0 ? [] : [`[${left} image(s) or sound(s) left out: too large, too many or of another kind]`];
  const output = [textOf(outcome), ...notes].filter((text) => text !== '').join('\n');
  return { output, isError: outcome.isError, ...(images.length > 0 && { images }) };
}
