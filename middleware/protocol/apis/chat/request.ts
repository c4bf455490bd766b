import type { RequestCodec } from '../request-codec.ts';
import { chatImage } from './image.ts';
import { chatQuestion } from './question.ts';
import { chatTools } from './tools.ts';

export const chatRequest: RequestCodec = {
  itemsKey: 'messages',
  chainKey: undefined,
  formatKeys: ['response_format'],
  tools: chatTools,
  effort: { key: 'reasoning_effort', isWithin: false, isForAllModels: true },
  isAnsweredLater: () => false,
  isKeptByProvider: () => false,
  sealedBy: () => undefined,
  isStored: () => false,
  question: chatQuestion,
  textType: 'text',
  messageMarks: {},
  imagePart: chatImage,
  withContexts: (item, texts) => [item, { role: 'system', content: texts.join('\n\n') }],
  withWordsBefore: (message, text) => [{ role: 'user', content: text }, message],
};
