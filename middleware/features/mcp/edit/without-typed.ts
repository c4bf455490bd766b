import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { Api } from '../../../kernel/exchange.ts';
import { codecOf } from '../../../protocol/apis/codec-of.ts';
import type { Conversation } from '../../../protocol/conversation/conversation.ts';
import { isAddedByClient } from '../../../protocol/conversation/user-prompt.ts';

/** A command of ours, whatever it is to do: a mistyped one may have a key behind it as well. */
const called = /^( ?[/:$]mcp\s+\S+)\s[^]*$/i;
/**
 * What is typed behind it may be a key of a server, or the code of a login; also where it is not quite a command, in other
 * letters, behind blanks, in quotes, with another sign between, or as Claude Code's `add-json`.
 */
const command = /[/:$]\s?mcp[\s:,;.(\u2013\u2014-]+["'`]?(?:add?[\w-]*["'`)]?|(?:auth|login)["'`)]?\s+\S+)/
  .source;
const nearly = new RegExp(String.raw`^([\s>("'\u0060\u2018-\u201F\u00AB]*${command})\s[^]*$`, 'i');
/** In a request for a title, the user's words stand behind the client's own. */
const quoted = new RegExp(String.raw`(${command})\s[^]*$`, 'i');

const answer = '[What Codex-Plus answered is not shown.]';

/**
 * A conversation without what a user typed behind `/mcp add` or `/mcp auth NAME`, or nearly that, and without what we answered, which
 * may say it again. `anywhere`: where the user's words stand among others.
 */
export function withoutTyped(conversation: Conversation, api: Api, anywhere: boolean): Conversation {
  const forms = anywhere ? [quoted] : [nearly, called];
  const edits = new Map<number, readonly JsonObject[]>();
  for (let index = 0; index < conversation.length; index += 1) {
    const item = conversation.at(index);
    const form = item['role'] === 'user' ? forms.find((one) => isIn(item, one)) : undefined;
    if (form === undefined) continue;
    edits.set(index, [hiddenIn(item, form)]);
    const [at, hidden] = isIn(item, called) ? answerBehind(conversation, index, api) : [];
    if (at !== undefined && hidden !== undefined) edits.set(at, [hidden]);
  }
  return conversation.edit(edits);
}

/** What we answered to a command, without what it says. */
function answerBehind(
  conversation: Conversation,
  index: number,
  api: Api,
): readonly [at?: number, hidden?: JsonObject | undefined] {
  let at = index + 1;
  while (at < conversation.length && isAddedByClient(conversation.at(at))) at += 1;
  if (at >= conversation.length || conversation.at(at)['role'] !== 'assistant') return [];
  return [at, codecOf(api).rounds?.withTexts(conversation.at(at), () => answer)];
}

function isIn({ content }: JsonObject, form: RegExp): boolean {
  if (typeof content === 'string') return form.test(content);
  return Array.isArray(content) && (content as unknown[]).some((part) => form.test(textOf(part)));
}

function hiddenIn(item: JsonObject, form: RegExp): JsonObject {
  const { content } = item;
  if (typeof content === 'string') return { ...item, content: hide(content, form) };
  const hidden = ((content ?? []) as unknown[]).map((part) =>
    isJsonObject(part) && form.test(textOf(part)) ? { ...part, text: hide(textOf(part), form) } : part,
  );
  return { ...item, content: hidden };
}

function textOf(part: unknown): string {
  return isJsonObject(part) && typeof part['text'] === 'string' ? part['text'] : '';
}

function hide(text: string, form: RegExp): string {
  return text.replace(form, '$1 [redacted]');
}
