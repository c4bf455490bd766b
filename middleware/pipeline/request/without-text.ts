import type { JsonObject } from '../../kernel/json-object.ts';
import type { UserPrompt } from '../../protocol/conversation/user-prompt.ts';

/** The message that is left when the user's words are taken out of it; none where that was all. */
export function withoutText({ withParts }: UserPrompt): readonly JsonObject[] {
  const rest = withParts([]);
  return Array.isArray(rest['content']) && rest['content'].length === 0 ? [] : [rest];
}
