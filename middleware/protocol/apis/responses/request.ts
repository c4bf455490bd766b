import type { JsonObject } from '../../../kernel/json-object.ts';
import { memberValue } from '../../json/member-value.ts';
import type { RequestCodec } from '../request-codec.ts';
import { asksForBackground } from './asks-for-background.ts';
import { responsesImage } from './image.ts';
import { isKeptByProvider } from './kept-by-provider.ts';
import { responsesQuestion } from './question.ts';
import { responsesTools } from './tools.ts';

export const responsesRequest: RequestCodec = {
  itemsKey: 'input',
  chainKey: 'previous_response_id',
  formatKeys: ['text'],
  tools: responsesTools,
  effort: { key: 'reasoning', isWithin: true, isForAllModels: true },
  isAnsweredLater: asksForBackground,
  isKeptByProvider,
  sealedBy: () => undefined,
  isStored: (json) => memberValue(json, 'store') !== false,
  question: responsesQuestion,
  textType: 'input_text',
  messageMarks: { type: 'message' },
  imagePart: responsesImage,
  withContexts: (item, texts) => [itemOf(item), message('developer', texts)],
  withWordsBefore: (item, text) => [message('user', [text]), itemOf(item)],
};

function message(role: string, texts: readonly string[]): JsonObject {
  return { type: 'message', role, content: texts.map((text) => ({ type: 'input_text', text })) };
}

const quote = 0x22;

/** An input that is a text alone has to become an item of a list first; any other keeps its bytes. */
function itemOf(item: JsonObject | Buffer): JsonObject | Buffer {
  if (!Buffer.isBuffer(item) || item[0] !== quote) return item;
  return { type: 'message', role: 'user', content: JSON.parse(item.toString()) as unknown };
}
