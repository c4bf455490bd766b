import type { Api } from '../../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from './conversation.ts';
import { isPassedOver } from './said-key.ts';
import { saidTexts } from './said-text.ts';
import type { ApiCodec } from '../apis/api-codec.ts';
import { codecOf } from '../apis/codec-of.ts';
import type { PromptPart } from '../apis/prompt-part.ts';
import type { RequestCodec } from '../apis/request-codec.ts';

/** What the user said last, when the request was made for it and not for a tool's output. */
export interface UserPrompt {
  readonly text: string;
  /** Index of the item that holds it. */
  readonly index: number;
  /** The item with other parts in the place of the prompt's text; images and all else beside it stay. */
  readonly withParts: (parts: readonly PromptPart[]) => JsonObject;
  /** The skill that Codex put behind the prompt, when the user called one as `$name`. */
  readonly skill: { readonly name: string; readonly text: string; readonly index: number } | undefined;
}

/** What clients put into user messages without the user having said it. */
const scaffold =
  /^\s*<(?:environment_context|system-reminder|user_instructions|turn_aborted)\b|^# AGENTS\.md instructions/;
/** The text of a skill that was called, which Codex puts into a user message of its own. */
export const skillItem = /^<skill>\s*<name>([^<]+)<\/name>/;

/**
 * The newest user message, `undefined` in a tool loop or where the last word is not the user's. Passed over at the end are
 * what Codex adds there: configuration updates, messages of a developer (hooks), and the text of a skill that was called.
 * `last`: the item to begin with, for a prompt that is not the newest any more.
 */
export function newestUserPrompt(
  conversation: Conversation,
  api: Api,
  last = conversation.length - 1,
): UserPrompt | undefined {
  const codec = codecOf(api);
  let skill: UserPrompt['skill'];
  for (let index = last; index >= 0; index -= 1) {
    const item = conversation.at(index);
    if (isPassedOver(item)) continue;
    if (item['role'] !== 'user' || (item['type'] ?? 'message') !== 'message') return undefined;
    const prompt = promptIn(item, codec);
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

/**
 * Whether an item stands between two messages without anybody having said it: what the client adds, and the text of
 * a skill.
 */
export function isAddedByClient(item: JsonObject): boolean {
  if (isPassedOver(item)) return true;
  const texts = saidTexts(item);
  // What stands beside a prompt does not make it one of the client's.
  return item['role'] === 'user' && texts.length > 0 && texts.every(isAddedText);
}

/** Whether a text in a message of the user is one that the client put there. */
export function isAddedText(text: string): boolean {
  return scaffold.test(text) || skillItem.test(text);
}

function promptIn(
  item: JsonObject,
  { request, history }: ApiCodec,
): Pick<UserPrompt, 'text' | 'withParts'> | undefined {
  const { content } = item;
  if (typeof content === 'string') {
    return {
      text: content,
      withParts: (parts) => ({
        ...request.messageMarks,
        ...item,
        content: parts.map((part) => contentPart(request, part)),
      }),
    };
  }
  if (!Array.isArray(content)) return undefined;
  const given = content as unknown[];
  // The output of a tool comes in a user message of the Messages API.
  if (history.resultsIn(item).length > 0) return undefined;
  const at = given.findLastIndex((part) => isPromptPart(part, request.textType));
  const own = given[at];
  if (!isJsonObject(own)) return undefined;
  const { text, ...marks } = own;
  return {
    text: String(text),
    withParts: (parts) => {
      const others = parts.map((part) => contentPart(request, part));
      const last = others.pop();
      // What stands beside the text, a cache mark for example, belongs to its end.
      const marked = last === undefined ? [] : [...others, { ...marks, ...last }];
      return { ...item, content: [...given.slice(0, at), ...marked, ...given.slice(at + 1)] };
    },
  };
}

function contentPart({ textType, imagePart }: RequestCodec, part: PromptPart): JsonObject {
  return part.kind === 'text' ? { type: textType, text: part.text } : imagePart(part);
}

/** Text that the user may have written: Claude Code adds reminders to the same message. */
function isPromptPart(part: unknown, textType: string): boolean {
  if (!isJsonObject(part) || part['type'] !== textType || typeof part['text'] !== 'string') return false;
  return !/^\s*<system-reminder>/.test(part['text']);
}
