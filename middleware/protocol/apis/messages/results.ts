import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { replacedText } from '../common/replaced-text.ts';
import type { ToolResult } from '../tool-result.ts';

/** The result that a content block is. */
export function messagesResult(block: JsonObject): ToolResult | undefined {
  if (block['type'] !== 'tool_result') return undefined;
  return {
    callId: String(block['tool_use_id']),
    content: block['content'],
    isError: block['is_error'] === true,
  };
}

export function withMessagesResults(message: JsonObject, texts: ReadonlyMap<string, string>): JsonObject {
  const { content } = message;
  if (!Array.isArray(content)) return message;
  const blocks = (content as unknown[]).map((block) => {
    const result = isJsonObject(block) ? messagesResult(block) : undefined;
    const text = result === undefined ? undefined : texts.get(result.callId);
    if (!isJsonObject(block) || text === undefined) return block;
    return { ...block, content: replacedText(block['content'], text, 'text') };
  });
  return { ...message, content: blocks };
}
