import type { CallToolResult } from '@modelcontextprotocol/client';
import { withoutControls } from '../definitions/without-controls.ts';
import { charactersPerToken, cutAt, truncationNote } from '../tool-outcome.ts';

type Block = CallToolResult['content'][number];

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
  return { type: 'text', text: truncationNote(maxTokens) };
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
