import { wrongMember } from '../../../kernel/errors.ts';
import { isJsonObject, listIn } from '../../../kernel/json-object.ts';

/**
 * Throws a CodexPlusError for the first part of a list of messages, which stands at `at`, that would be left out without a word, and
 * names it. `texts`: the types of parts that say a text. The model is told of those of other types.
 */
export function refuseOddParts(messages: unknown, at: string, texts: readonly string[]): void {
  for (const [index, message] of listIn(messages).entries()) {
    const place = `${at}[${index}]`;
    if (!isJsonObject(message)) throw wrongMember(place, `\`${place}\` has to be an object`);
    for (const [number, part] of listIn(message['content']).entries())
      refuseOddPart(part, `${place}.content[${number}]`, texts);
  }
}

function refuseOddPart(part: unknown, at: string, texts: readonly string[]): void {
  if (!isJsonObject(part)) throw wrongMember(at, `\`${at}\` has to be an object: a part of the message`);
  const { type, text } = part;
  if (typeof text === 'string') return;
  if (typeof type !== 'string') throw wrongMember(`${at}.type`, `\`${at}\` has no \`type\``);
  if (texts.includes(type)) throw wrongMember(`${at}.text`, `\`${at}\` has no \`text\``);
}
