import type { JsonObject } from '../../../../../kernel/json-object.ts';
import { keptDetails, signedThought } from '../../../../translation/original.ts';
import { objectAt, objectsIn, textAt } from '../../../common/read-event.ts';

/**
 * Providers to whose Claude LiteLLM gives its `thinking_blocks` back: it passes them on to another LiteLLM, and to whatever is called as
 * OpenAI. Source: LiteLLM 1.109, which takes them out for Databricks and vLLM.
 */
const takers: ReadonlySet<string> = new Set(['litellm_proxy', 'openai', 'snowflake']);

/** Whether the signed thoughts of Claude go back to a provider that is called by chats. */
export function takesBlocks(provider: string | undefined): boolean {
  return provider !== undefined && takers.has(provider);
}

/**
 * What models signed of their thoughts, out of the pieces of an answer by chats: LiteLLM's `thinking_blocks` of Claude, and the
 * `reasoning_details` of OpenRouter and gateways like it. Of a whole answer LiteLLM has the latter among its own fields.
 */
export class SignedThoughts {
  readonly #takesBlocks: boolean;
  readonly #blocks: JsonObject[] = [];
  readonly #details: JsonObject[] = [];

  constructor(provider: string | undefined) {
    this.#takesBlocks = takesBlocks(provider);
  }

  add(delta: JsonObject): void {
    const blocks = this.#takesBlocks ? listIn(delta, 'thinking_blocks') : [];
    for (const piece of blocks) addPiece(this.#blocks, piece, 'thinking');
    for (const piece of listIn(delta, 'reasoning_details')) addPiece(this.#details, piece, 'text');
  }

  /** As members of a message; none where nothing was signed. */
  members(): JsonObject {
    const blocks = this.#blocks.flatMap(signedThought);
    const details = keptDetails(this.#details);
    return {
      ...(blocks.length === 0 ? {} : { thinking_blocks: blocks }),
      ...(details.length === 0 ? {} : { reasoning_details: details }),
    };
  }
}

function listIn(delta: JsonObject, name: string): readonly JsonObject[] {
  const own = objectsIn(delta[name]);
  return own.length > 0 ? own : objectsIn(objectAt(delta, 'provider_specific_fields')[name]);
}

/** A thought comes in pieces up to its signature; what is encrypted comes whole. `said`: the member that its words stand in. */
function addPiece(all: JsonObject[], piece: JsonObject, said: 'thinking' | 'text'): void {
  const last = all.at(-1);
  const isNext = last === undefined || textAt(last, 'signature') !== '' || !isOfSame(last, piece, said);
  if (isNext) all.push(piece);
  else
    all[all.length - 1] = {
      ...last,
      ...withoutNull(piece),
      [said]: textAt(last, said) + textAt(piece, said),
    };
}

function isOfSame(last: JsonObject, piece: JsonObject, said: 'thinking' | 'text'): boolean {
  if (last['type'] !== piece['type']) return false;
  if (said === 'thinking') return piece['type'] === 'thinking';
  return piece['type'] === 'reasoning.text' && last['index'] === piece['index'];
}

function withoutNull(piece: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(piece).filter(([, value]) => value !== null && value !== ''));
}
