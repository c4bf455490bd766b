import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { tokensOf, type CountedTokens } from './counted-tokens.ts';

const leastTokens = 1_024;
const step = 128;

/**
 * The cache of OpenAI and of those that do as it does: what a request begins with as one before it did, from 1024 tokens on
 * and in steps of 128. Tools stand before the conversation. Source: OpenAI, "Prompt caching".
 */
export class PrefixCache {
  readonly #seen: Buffer[] = [];

  count({ tools, instructions, input, messages }: JsonObject): CountedTokens {
    const parts = [...objectsIn(tools), { instructions }, ...objectsIn(input), ...objectsIn(messages)];
    const text = Buffer.from(parts.map((part) => JSON.stringify(part)).join('\n'));
    const common = Math.max(0, ...this.#seen.map((before) => commonLength(before, text)));
    this.#seen.push(text);
    const tokens = Math.floor(common / 4);
    const cached = tokens < leastTokens ? 0 : tokens - ((tokens - leastTokens) % step);
    return { input: tokensOf(text.toString()), cached, written: 0 };
  }
}

function commonLength(one: Buffer, other: Buffer): number {
  const most = Math.min(one.length, other.length);
  for (let at = 0; at < most; at += 1) if (one[at] !== other[at]) return at;
  return most;
}
