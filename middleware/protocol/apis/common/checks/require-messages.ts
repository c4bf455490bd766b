import { wrongMember } from '../../../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../../../../kernel/json-object.ts';

/** The messages of a conversation. Throws a CodexPlusError for what is none: no provider takes it, and a word of ours would be paid for. */
export function requireMessages(messages: unknown): readonly JsonObject[] {
  if (!Array.isArray(messages)) throw wrongMember('messages', '`messages` has to be a list of messages');
  if (messages.length === 0) throw wrongMember('messages', '`messages` is empty: send one message at least');
  return (messages as unknown[]).map((message, at) => {
    if (isJsonObject(message)) return message;
    const place = `messages[${at}]`;
    throw wrongMember(place, `\`${place}\` has to be an object with a \`role\` and a \`content\``);
  });
}
