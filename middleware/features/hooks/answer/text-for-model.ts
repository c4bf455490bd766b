import type { HookDecision } from './hook-decision.ts';
import { withoutFraming } from '../../../protocol/conversation/without-framing.ts';
import { maxModelCharacters } from '../hook-limits.ts';

type Persist = (text: string) => Promise<string | undefined>;

/** Characters of a text that is too long which the model gets to see. */
const previewCharacters = 2_000;

/**
 * The decision with its texts fit for the model: what is over the limit is kept in a file and replaced by a note with its
 * beginning, and nothing in it can pass for a reminder of the client's own.
 */
export async function fitForModel(decision: HookDecision, persist: Persist): Promise<HookDecision> {
  const { text, additionalContext, instructions, block, permission } = decision;
  const fit = (long: string): Promise<string> => textForModel(long, persist);
  return {
    ...decision,
    ...(text !== undefined && { text: await fit(text) }),
    ...(additionalContext !== undefined && { additionalContext: await fit(additionalContext) }),
    ...(instructions !== undefined && { instructions: await fit(instructions) }),
    ...(block !== undefined && { block: { ...block, reason: await fit(block.reason) } }),
    ...(permission?.reason !== undefined && {
      permission: { ...permission, reason: await fit(permission.reason) },
    }),
  };
}

async function textForModel(text: string, persist: Persist): Promise<string> {
  if (text.length <= maxModelCharacters) return withoutFraming(text);
  const size = `${(Buffer.byteLength(text) / 1024).toFixed(1)}KB`;
  const path = await persist(text).catch(() => undefined);
  const whereabouts = path === undefined ? 'The rest was dropped.' : `Full output saved to: ${path}`;
  const preview = withoutFraming(beginningOf(text));
  return `<persisted-output>\nOutput too large (${size}). ${whereabouts}\n\nPreview (first 2KB):\n${preview}\n...\n</persisted-output>`;
}

/** Whole lines where they are not too long. */
function beginningOf(text: string): string {
  const beginning = text.slice(0, previewCharacters);
  const lastLine = beginning.lastIndexOf('\n');
  return lastLine > previewCharacters / 2 ? beginning.slice(0, lastLine) : beginning;
}
