import { listIn, objectIn, type JsonObject } from '../../../kernel/json-object.ts';
import { arrayElements, lastMember, replaceValue, topLevelMembers } from '../../json/json-members.ts';
import type { RequestCodec } from '../request-codec.ts';
import { messagesImage } from './image.ts';
import { messagesQuestion } from './question.ts';
import { messagesTools } from './tools.ts';

/** A `thread` is kept by Anthropic, and goes on from what is there. */
function isThread(json: Buffer): boolean {
  return lastMember(json, 'thread') !== undefined;
}

/** There are no messages but the user's and the model's, and they take turns: what is added stands in one of the user's. */
export const messagesRequest: RequestCodec = {
  itemsKey: 'messages',
  chainKey: undefined,
  formatKeys: ['output_config', 'output_format'],
  tools: messagesTools,
  effort: { key: 'output_config', isWithin: true, isForAllModels: false },
  isAnsweredLater: () => false,
  isKeptByProvider: isThread,
  sealedBy: (json) => (isThread(json) ? 'thread' : undefined),
  isStored: () => false,
  question: messagesQuestion,
  textType: 'text',
  messageMarks: {},
  imagePart: messagesImage,
  withContexts: (item, texts) => [
    withBlocks(
      item,
      texts.map((text) => JSON.stringify({ type: 'text', text })),
    ),
  ],
  withWordsBefore: (message, text) => {
    const item = read(message);
    const { content } = item;
    const given: unknown = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    const blocks = listIn(given);
    return [{ ...item, content: [{ type: 'text', text }, ...blocks] }];
  },
};

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

function read(message: JsonObject | Buffer): JsonObject {
  return objectIn(Buffer.isBuffer(message) ? JSON.parse(message.toString()) : message);
}
