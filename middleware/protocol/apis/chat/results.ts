import type { JsonObject } from '../../../kernel/json-object.ts';
import { replacedText } from '../common/replaced-text.ts';
import type { ToolResult } from '../tool-result.ts';

/** The result that a message is. */
export function chatResult({ role, tool_call_id: callId, content }: JsonObject): ToolResult | undefined {
  return role === 'tool' ? { callId: String(callId), content, isError: false } : undefined;
}

export function withChatResult(message: JsonObject, texts: ReadonlyMap<string, string>): JsonObject {
  const result = chatResult(message);
  const text = result === undefined ? undefined : texts.get(result.callId);
  return text === undefined
    ? message
    : { ...message, content: replacedText(message['content'], text, 'text') };
}
