import type { ModelRequest } from '../../../translation/model-request.ts';
import { sealOriginal, type Original } from '../../../translation/original.ts';

/** Whether a client expects thinking blocks: one that did not ask to see any may take the first block for the text. */
export function expectsThinking({ reasoning }: ModelRequest): boolean {
  return reasoning?.isShown === true;
}

/**
 * What another provider wants back, in the place of a signature, which clients keep and send back as it is. Each has
 * one: by it we know a block that is not Claude's.
 */
export function sealedSignature(originals: readonly Original[]): string {
  const blocks = originals.flatMap((original) => original.blocks);
  const [first = { origin: 'openai-compatible' } as const] = originals;
  return sealOriginal({ ...first, blocks });
}
