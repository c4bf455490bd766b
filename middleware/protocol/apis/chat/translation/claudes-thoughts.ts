import type { JsonObject } from '../../../../kernel/json-object.ts';
import { signedThought } from '../../../translation/original.ts';
import { objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { signaturesOf } from './originals.ts';

/**
 * What Claude thought in a turn, by the name that LiteLLM gave to it. LiteLLM uses the name for others too: their blocks
 * are none of Claude's, which refuses a request for a signature that it did not give.
 */
export function claudesThoughts(message: JsonObject): readonly JsonObject[] {
  const blocks = objectsIn(message['thinking_blocks']);
  if (blocks.length === 0 || isGeminis(message)) return [];
  return blocks.flatMap(signedThought).filter((block) => !isOfAnother(block));
}

/** Gemini signs what came of a thought as well, and LiteLLM has that in a place of its own. */
function isGeminis(message: JsonObject): boolean {
  return [message, ...objectsIn(message['tool_calls'])].some((holder) => {
    const fields = objectAt(holder, 'provider_specific_fields');
    return signaturesOf(fields) !== undefined;
  });
}

/** In place of a signature that Mistral does not give, and before reasoning that OpenAI encrypted. Source: LiteLLM 1.106. */
const others = /^(?:mistral$|litellm_encrypted_reasoning:)/;

function isOfAnother(block: JsonObject): boolean {
  return others.test(textAt(block, 'signature') || textAt(block, 'data'));
}
