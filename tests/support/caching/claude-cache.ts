import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { tokensOf, type CountedTokens } from './counted-tokens.ts';

const leastTokens = 1_024;
const mostMarks = 4;
/** How far before a mark is looked for what was kept. */
const lookBack = 20;

interface Block {
  /** Names all up to here. */
  readonly prefix: string;
  /** Of all up to here. */
  readonly tokens: number;
  readonly isMarked: boolean;
}

/**
 * Anthropic's cache: a prefix up to a mark is kept, of 1024 tokens and more, and found again from a mark at it or at most 20
 * blocks behind it, where every byte is the same. Tools stand before the system, that before the messages; what decides
 * about thinking and tools is a part of what follows the system. Source: Anthropic API, "Prompt caching".
 */
export class ClaudeCache {
  readonly #kept = new Set<string>();

  /** `undefined` for a request that is refused: it has too many marks. */
  count(body: JsonObject): CountedTokens | undefined {
    const blocks = blocksOf(body);
    const marks = blocks.flatMap(({ isMarked }, at) => (isMarked ? [at] : []));
    if (marks.length > mostMarks) return undefined;
    const found = marks.flatMap((mark) => {
      const candidates = blocks.slice(Math.max(0, mark - lookBack), mark + 1);
      return candidates.filter(({ prefix }) => this.#kept.has(prefix)).map(({ tokens }) => tokens);
    });
    const cached = Math.max(0, ...found);
    for (const { prefix, tokens, isMarked } of blocks)
      if (isMarked && tokens >= leastTokens) this.#kept.add(prefix);
    const last = Math.max(0, ...marks.map((mark) => blocks[mark]?.tokens ?? 0));
    return {
      input: blocks.at(-1)?.tokens ?? 0,
      cached,
      written: last >= leastTokens ? Math.max(0, last - cached) : 0,
    };
  }
}

function blocksOf({ tools, system, messages, thinking, tool_choice: choice }: JsonObject): readonly Block[] {
  const settings = JSON.stringify([thinking, choice]);
  const parts = [
    ...objectsIn(tools).map((tool) => ['tool', tool] as const),
    ...contentOf(system).map((block) => ['system', block] as const),
    ...objectsIn(messages).flatMap(({ role, content }) =>
      contentOf(content).map((block) => [`${settings}${String(role)}`, block] as const),
    ),
  ];
  const hash = createHash('sha256');
  let tokens = 0;
  return parts.map(([place, { cache_control: mark, ...block }]) => {
    const text = JSON.stringify(block);
    hash.update(`${place}\n${text}\n`);
    tokens += tokensOf(text);
    return { prefix: hash.copy().digest('base64'), tokens, isMarked: isJsonObject(mark) };
  });
}

function contentOf(content: unknown): readonly JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsIn(content);
}
