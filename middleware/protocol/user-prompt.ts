import type { Api } from '../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../kernel/json-object.ts';
import type { Conversation } from './conversation.ts';

/** What the user said last, when the request was made for it and not for a tool's output. */
export interface UserPrompt {
  readonly text: string;
  /** Index of the item that holds it. */
  readonly index: number;
  /** The item with another text in the place of the prompt's; images and all else beside it stay. */
  readonly withText: (texts: readonly string[]) => JsonObject;
  /** The skill that Codex put behind the prompt, when the user called one as `$name`. */
  readonly skill: { readonly name: string; readonly text: string; readonly index: number } | undefined;
}

/** What clients put into user messages without the user having said it. */
const scaffold =
  /^\s*<(?:environment_context|system-reminder|user_instructions|turn_aborted)\b|^# AGENTS\.md instructions/;
const skillItem = /^<skill>\s*<name>([^<]+)<\/name>/;

/**
 * The newest user message, `undefined` in a tool loop or where the last word is not the user's. Passed over at the end are
 * what Codex adds there: configuration updates, messages of a developer (hooks), and the text of a skill that was called.
 */
export function newestUserPrompt(conversation: Conversation, api: Api): UserPrompt | undefined {
  let skill: UserPrompt['skill'];
  for (let index = conversation.length - 1; index >= 0; index -= 1) {
    const item = conversation.at(index);
    if (isPassedOver(item)) continue;
    if (item['role'] !== 'user' || (item['type'] ?? 'message') !== 'message') return undefined;
    const prompt = promptIn(item, api);
    if (prompt === undefined) return undefined;
    const name = skillItem.exec(prompt.text)?.[1];
    if (name !== undefined) {
      skill = { name, text: prompt.text, index };
      continue;
    }
    if (scaffold.test(prompt.text)) return undefined;
    return { ...prompt, index, skill };
  }
  return undefined;
}

function isPassedOver({ type, role }: JsonObject): boolean {
  return type === 'configuration_update' || role === 'developer' || role === 'system';
}

function promptIn(item: JsonObject, api: Api): Pick<UserPrompt, 'text' | 'withText'> | undefined {
  const { content } = item;
  const textType = api === 'responses' ? 'input_text' : 'text';
  if (typeof content === 'string') {
    return {
      text: content,
      withText: (texts) => ({
        ...(api === 'responses' ? { type: 'message' } : {}),
        ...item,
        content: texts.map((text) => ({ type: textType, text })),
      }),
    };
  }
  if (!Array.isArray(content)) return undefined;
  const parts = content as unknown[];
  // The output of a tool comes in a user message of the Messages API.
  if (parts.some((part) => isJsonObject(part) && part['type'] === 'tool_result')) return undefined;
  const at = parts.findLastIndex((part) => isPromptPart(part, textType));
  const part = parts[at];
  if (!isJsonObject(part)) return undefined;
  return {
    text: String(part['text']),
    withText: (texts) => ({
      ...item,
      content: [
        ...parts.slice(0, at), // What stands beside the text, a cache mark for example, belongs to its end.
        ...texts.slice(0, -1).map((text) => ({ type: textType, text })),
        ...texts.slice(-1).map((text) => ({ ...part, text })),
        ...parts.slice(at + 1),
      ],
    }),
  };
}

/** Text that the user may have written: Claude Code adds reminders to the same message. */
function isPromptPart(part: unknown, textType: string): boolean {
  if (!isJsonObject(part) || part['type'] !== textType || typeof part['text'] !== 'string') return false;
  return !/^\s*<system-reminder>/.test(part['text']);
}
