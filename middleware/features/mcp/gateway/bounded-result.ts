import type { CallToolResult, GetPromptResult, ReadResourceResult } from '@modelcontextprotocol/client';
import { changedInPieces, Turns } from '../definitions/in-pieces.ts';
import { withoutControls } from '../definitions/without-controls.ts';
import { charactersPerToken } from '../tool-outcome.ts';
import { boundedBlocks, cutNote } from './bounded-blocks.ts';

/**
 * A result without control characters in its texts, which have no more than so many tokens; what is cut is told. What is
 * structured stays whole, or is left out.
 */
export function boundedResult(given: CallToolResult, maxTokens: number): CallToolResult {
  const { structuredContent } = given;
  if (
    structuredContent !== undefined &&
    JSON.stringify(structuredContent).length > maxTokens * charactersPerToken
  ) {
    // Half of it would be something else.
    const rest = { ...given, content: [cutNote(maxTokens)], isError: true };
    delete rest.structuredContent;
    return rest;
  }
  const { blocks, isCut } = boundedBlocks(given.content, maxTokens);
  const kept = blocks.filter((block) => block !== undefined);
  return { ...given, content: isCut ? [...kept, cutNote(maxTokens)] : kept };
}

/** What a prompt says, within the same bounds: it is for a model as well. */
export function boundedPrompt(given: GetPromptResult, maxTokens: number): GetPromptResult {
  const { messages, description } = given;
  const { blocks, isCut } = boundedBlocks(
    messages.map(({ content }) => content),
    maxTokens,
  );
  const kept = messages.flatMap((message, at) => {
    const content = blocks[at];
    return content === undefined ? [] : [{ ...message, content }];
  });
  return {
    ...given,
    ...(description !== undefined && { description: withoutControls(description) }),
    messages: isCut ? [...kept, { role: 'user', content: cutNote(maxTokens) }] : kept,
  };
}

/** What a resource says, whole: a program may want all of it. */
export async function visibleResource(given: ReadResourceResult): Promise<ReadResourceResult> {
  const turns = new Turns();
  const contents: ReadResourceResult['contents'] = [];
  for (const one of given.contents) {
    const uri = withoutControls(one.uri);
    if (!('text' in one)) contents.push({ ...one, uri });
    else contents.push({ ...one, uri, text: await changedInPieces(one.text, withoutControls, { turns }) });
  }
  return { ...given, contents };
}
