import type { CallToolResult } from '@modelcontextprotocol/client';
import { withoutControls } from '../definitions/without-controls.ts';
import { charactersPerToken, createBeginnings, cutAt, textSize, truncationNote } from '../tool-outcome.ts';

/** A piece of a result of a tool, or of a message of a prompt. */
export type Block = CallToolResult['content'][number];

/**
 * Blocks without control characters in their texts, which have no more than so many tokens together. One that cannot be cut
 * is `undefined` where it has no room, as a text is where nothing of it has: the beginning of an address is another address. Images and sound stay as they are.
 */
export function boundedBlocks(
  given: readonly Block[],
  maxTokens: number,
): { readonly blocks: readonly (Block | undefined)[]; readonly isCut: boolean } {
  const maxLength = maxTokens * charactersPerToken;
  const beginnings = createBeginnings(maxTokens);
  const whole = given.map((block) => withoutHidden(withText(block, beginnings.of(textIn(block)))));
  const length = whole.reduce((sum, block) => sum + fixedLength(block) + textIn(block).length, 0);
  if (!beginnings.isCut() && length <= maxLength) return { blocks: whole, isCut: false };
  let left = maxLength;
  const blocks = whole.map((block) => {
    const fixed = fixedLength(block);
    if (fixed > left || (block.type === 'text' && left === 0)) return undefined;
    const text = cutAt(textIn(block), left - fixed);
    left -= fixed + text.length;
    return withText(block, text);
  });
  return { blocks, isCut: true };
}

/** Says where the rest is missing. */
export function cutNote(maxTokens: number): Block {
  return { type: 'text', text: truncationNote(maxTokens) };
}

/** The text of a block that may be cut. */
function textIn(block: Block): string {
  if (block.type === 'text') return block.text;
  return block.type === 'resource' && 'text' in block.resource ? block.resource.text : '';
}

/** How much else a block says: that of a link is all of it. A text takes a token at least. */
function fixedLength(block: Block): number {
  if (block.type === 'text') return textSize(block.text) - block.text.length;
  if (block.type === 'resource_link') return JSON.stringify(block).length;
  return block.type === 'resource' ? block.resource.uri.length : 0;
}

function withoutHidden(block: Block): Block {
  if (block.type === 'resource') return { ...block, resource: visibleContents(block.resource) };
  if (block.type !== 'resource_link') return withText(block, withoutControls(textIn(block)));
  const { name, title, description, uri } = block;
  return {
    ...{ ...block, name: withoutControls(name), uri: withoutControls(uri) },
    ...(title !== undefined && { title: withoutControls(title) }),
    ...(description !== undefined && { description: withoutControls(description) }),
  };
}

/** What a resource says, and its address, without control characters. */
function visibleContents<Contents extends { readonly uri: string }>(contents: Contents): Contents {
  return {
    ...{ ...contents, uri: withoutControls(contents.uri) },
    ...('text' in contents && typeof contents.text === 'string' && { text: withoutControls(contents.text) }),
  };
}

function withText(block: Block, text: string): Block {
  if (block.type === 'text') return { ...block, text };
  return block.type === 'resource' && 'text' in block.resource
    ? { ...block, resource: { ...block.resource, text } }
    : block;
}
