import type { JsonObject } from '../../../../kernel/json-object.ts';
import {
  isSealed,
  openOriginal,
  sealOriginal,
  signedThought,
  type Original,
} from '../../../translation/original.ts';
import { listOf } from '../../common/list-of.ts';
import { objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { signaturesOf } from './originals.ts';

/**
 * What Claude thought in a turn, by the name that LiteLLM gave to it. LiteLLM uses the name for others too: their blocks
 * are none of Claude's, which refuses a request for a signature that it did not give.
 */
export function claudesThoughts(message: JsonObject): readonly JsonObject[] {
  const blocks = objectsIn(message['thinking_blocks']);
  if (blocks.length === 0 || isGeminis(message)) return [];
  return blocks.flatMap(signedThought).filter((block) => !isOfAnother(signatureOf(block)));
}

/** What providers want back of a turn: what we sealed for others than Claude, and Claude's own. */
export function thoughtsIn(message: JsonObject): readonly Original[] {
  const sealed = objectsIn(message['thinking_blocks']).flatMap((block) =>
    listOf(openOriginal(signatureOf(block))),
  );
  const claudes = claudesThoughts(message);
  return claudes.length === 0 ? sealed : [...sealed, { origin: 'anthropic', blocks: claudes }];
}

/**
 * What a client keeps of a thought: Claude's as it is, others' of its API sealed, so that it goes back to them alone. What
 * providers of other APIs want back, clients of this one send themselves.
 */
export function thinkingBlocks(original: Original | undefined): readonly JsonObject[] {
  if (original?.origin !== 'anthropic') return [];
  const { provider = 'anthropic', blocks } = original;
  if (provider === 'anthropic') return blocks;
  return blocks.map((block) => ({
    ...{ type: 'thinking', thinking: textAt(block, 'thinking') },
    signature: sealOriginal({ ...original, blocks: [block] }),
  }));
}

/** Gemini signs what came of a thought as well, and LiteLLM has that in a place of its own. */
function isGeminis(message: JsonObject): boolean {
  return [message, ...objectsIn(message['tool_calls'])].some((holder) => {
    const fields = objectAt(holder, 'provider_specific_fields');
    return signaturesOf(fields) !== undefined;
  });
}

/** In place of a signature that Mistral does not give, and before reasoning that OpenAI encrypted. Source: LiteLLM 1.109. */
const others = /^(?:mistral$|litellm_encrypted_reasoning:)/;

function isOfAnother(signature: string): boolean {
  return others.test(signature) || isSealed(signature);
}

function signatureOf(block: JsonObject): string {
  return textAt(block, 'signature') || textAt(block, 'data');
}
