import type { Api } from '../../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';

/**
 * A message of the user with other words of theirs in front of it: as a message of its own, in the Messages API, where the roles take
 * turns, as text in front of what the message holds.
 */
export function withWordsBefore(
  api: Api,
  [message, ...others]: readonly (JsonObject | Buffer)[],
  text: string,
): readonly (JsonObject | Buffer)[] {
  if (message === undefined) return [];
  switch (api) {
    case 'responses': {
      const words = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
      return [words, itemOf(message), ...others];
    }
    case 'messages': {
      const item = read(message);
      const { content } = item;
      const given: unknown = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
      return [
        { ...item, content: [{ type: 'text', text }, ...(Array.isArray(given) ? (given as unknown[]) : [])] },
        ...others,
      ];
    }
    case 'chat':
    case 'completions':
      return [{ role: 'user', content: text }, message, ...others];
  }
}

/** An input that is a text alone has to become an item of a list first; any other keeps its bytes. */
function itemOf(message: JsonObject | Buffer): JsonObject | Buffer {
  const isText = Buffer.isBuffer(message) && message[0] === 0x22;
  return isText
    ? { type: 'message', role: 'user', content: JSON.parse(message.toString()) as unknown }
    : message;
}

function read(message: JsonObject | Buffer): JsonObject {
  const value: unknown = Buffer.isBuffer(message) ? JSON.parse(message.toString()) : message;
  return isJsonObject(value) ? value : {};
}
