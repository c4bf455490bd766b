import type { Api } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { arrayElements, replaceValue, topLevelMembers } from '../json/json-members.ts';

/**
 * An item of a conversation with texts for the model behind it, which neither the user nor the model said: as a developer's
 * message in the Responses API, a system message in Chat Completions, and in the Messages API, which has no such message, as text
 * behind what the user's message holds. The item's own bytes stay.
 */
export function withContexts(
  api: Api,
  item: Buffer,
  texts: readonly string[],
): readonly (JsonObject | Buffer)[] {
  if (texts.length === 0) return [item];
  switch (api) {
    case 'responses':
      return [itemOf(item), { type: 'message', role: 'developer', content: texts.map(inputText) }];
    case 'messages':
      return [
        withBlocks(
          item,
          texts.map((text) => JSON.stringify({ type: 'text', text })),
        ),
      ];
    case 'chat':
    case 'completions':
      return [item, { role: 'system', content: texts.join('\n\n') }];
  }
}

function inputText(text: string): JsonObject {
  return { type: 'input_text', text };
}

const quote = 0x22;

/** An input that is a text alone has to become a list of items first. */
function itemOf(item: Buffer): JsonObject | Buffer {
  if (item[0] !== quote) return item;
  return { type: 'message', role: 'user', content: JSON.parse(item.toString()) as unknown };
}

function withBlocks(item: Buffer, blocks: readonly string[]): Buffer {
  const content = topLevelMembers(item).findLast(({ key }) => key === 'content');
  if (content === undefined) return item;
  const given = item.toString('utf8', content.valueStart, content.valueEnd);
  const elements = arrayElements(item, content);
  const before =
    elements === undefined
      ? `[{"type":"text","text":${given}}`
      : given.slice(0, given.lastIndexOf(']')).trimEnd();
  const separator = elements?.length === 0 ? '' : ',';
  return replaceValue(item, content, `${before}${separator}${blocks.join(',')}]`);
}
