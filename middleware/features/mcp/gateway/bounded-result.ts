import type { CallToolResult } from '@modelcontextprotocol/client';
import { withoutControls } from '../definitions/without-controls.ts';

type Block = CallToolResult['content'][number];

/** Claude Code counts so many characters as a token. */
const charactersPerToken = 4;

/**
 * A result without control characters in its texts, which have no more than so many tokens; what is cut is told. What is
 * structured stays whole, or is left out.
 */
export function boundedResult(given: CallToolResult, maxTokens: number): CallToolResult {
  const result = { ...given, content: given.content.map(withoutHidden) };
  const maxLength = maxTokens * charactersPerToken;
  const { content, structuredContent } = result;
  if (structuredContent !== undefined && JSON.stringify(structuredContent).length > maxLength) {
    // Half of it would be something else.
    const rest = { ...result, content: [note(maxTokens)], isError: true };
    delete rest.structuredContent;
    return rest;
  }
  if (content.reduce((sum, block) => sum + textIn(block).length, 0) <= maxLength) return result;
  let left = maxLength;
  const kept = content.map((block) => {
    const text = textIn(block);
    const short = text.length <= left ? block : withText(block, cutAt(text, left));
    left = Math.max(0, left - text.length);
    return short;
  });
  return { ...result, content: [...kept, note(maxTokens)] };
}

function note(maxTokens: number): Block {
  return { type: 'text', text: `[OUTPUT TRUNCATED - exceeded ${maxTokens} token limit]` };
}

function textIn(block: Block): string {
  if (block.type === 'text') return block.text;
  return block.type === 'resource' && 'text' in block.resource ? block.resource.text : '';
}

function withoutHidden(block: Block): Block {
  if (block.type !== 'resource_link') return withText(block, withoutControls(textIn(block)));
  const { name, description } = block;
  return {
    ...{ ...block, name: withoutControls(name) },
    ...(description !== undefined && { description: withoutControls(description) }),
  };
}

function withText(block: Block, text: string): Block {
  if (block.type === 'text') return { ...block, text };
  return block.type === 'resource' ? { ...block, resource: { ...block.resource, text } } : block;
}

/** Not between the two halves of a character. */
function cutAt(text: string, length: number): string {
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(length - 1));
  return text.slice(0, isHalf ? length - 1 : length);
}
