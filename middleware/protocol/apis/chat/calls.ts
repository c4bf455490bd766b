import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { contentText } from '../common/content-text.ts';
import { inputAt, objectAt, textAt } from '../common/read-event.ts';
import type { Holds } from '../round.ts';
import type { ToolCall } from '../tool-call.ts';
import { unreadable } from '../common/unreadable.ts';
import { withoutMember } from '../../json/without-member.ts';

/** What stands between the texts of two rounds: the client gets them as one message. */
export const textSeparator = '\n\n';

/** The call that an entry of `tool_calls` is; `undefined` for what stands among them as a message's other content. */
export function chatCall(item: JsonObject): ToolCall | undefined {
  const callId = textAt(item, 'id');
  if (isJsonObject(item['custom'])) {
    const { custom } = item;
    return {
      kind: 'custom',
      name: textAt(custom, 'name'),
      namespace: undefined,
      callId,
      input: inputAt(custom, 'input'),
    };
  }
  if (!isJsonObject(item['function'])) return undefined;
  const called = item['function'];
  return {
    kind: 'function',
    name: textAt(called, 'name'),
    namespace: undefined,
    callId,
    input: inputAt(called, 'arguments'),
  };
}

/** Refuses an entry that is a call of two kinds at once, of which each client runs the one that it knows. */
export function refuseTwoKinds(item: JsonObject, holds: Holds): void {
  if (!isJsonObject(item['custom']) || !isJsonObject(item['function'])) return;
  const { function: called, ...custom } = item;
  const heads = [chatCall(custom), chatCall({ function: called })];
  if (heads.some((head) => head !== undefined && (head.name === '' || holds(head))))
    throw unreadable('a tool call is of two kinds at once');
}

/** The entry with another input, in its exact kind. */
export function withChatInput(item: JsonObject, input: string): JsonObject {
  return isJsonObject(item['custom'])
    ? { ...item, custom: { ...item['custom'], input } }
    : { ...item, function: { ...objectAt(item, 'function'), arguments: input } };
}

/** A message without its calls, and its calls: the pieces that a round consists of. */
export function chatItems(message: JsonObject): readonly JsonObject[] {
  const { tool_calls: calls, ...rest } = message;
  const entries = Array.isArray(calls) ? (calls as unknown[]).filter(isJsonObject) : [];
  return saysSomething(rest) ? [rest, ...entries] : entries;
}

/** One message of several pieces; the texts of rounds that followed each other are set apart. */
export function chatMessage(items: readonly JsonObject[]): JsonObject {
  // The index belongs to streams.
  const calls = items
    .filter((item) => chatCall(item) !== undefined)
    .map((call) => withoutMember(call, 'index'));
  const messages = items.filter((item) => chatCall(item) === undefined);
  const speaking = messages.filter((message) => contentText(message['content']) !== '');
  const content =
    speaking.length > 1
      ? speaking.map((message) => contentText(message['content'])).join(textSeparator)
      : ((speaking[0] ?? messages.at(-1))?.['content'] ?? null);
  return {
    role: 'assistant',
    ...messages.reduce<JsonObject>((all, message) => ({ ...all, ...message }), {}),
    content,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function saysSomething(message: JsonObject): boolean {
  return Object.entries(message).some(
    ([key, value]) =>
      key !== 'role' && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
}
