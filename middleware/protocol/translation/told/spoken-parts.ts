import type { ContentPart, Entry } from '../model-request.ts';
import { instructionsShow, leftOutPart } from './told-texts.ts';

/** What instructions of these parts say. Pictures and files follow as the user's: no provider has a place for them elsewhere. */
export function instructionEntries(parts: readonly ContentPart[]): readonly Entry[] {
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const shown = parts.filter(({ kind }) => kind !== 'text');
  const instructions = { kind: 'instructions', texts } as const;
  if (shown.length === 0) return [instructions];
  return [instructions, { kind: 'user', parts: [{ kind: 'text', text: instructionsShow }, ...shown] }];
}

/** What the model said in these parts, each a text: no provider takes anything else in a turn of the model's. */
export function saidTexts(parts: readonly ContentPart[]): readonly string[] {
  return parts.map((part) => (part.kind === 'text' ? part.text : leftOutPart(part.kind)));
}
