import type { RequestCodec } from '../request-codec.ts';
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
  imagePart: ({ mediaType, base64 }) => ({
    type: 'image_url',
    image_url: { url: `data:${mediaType};base64,${base64}` },
  }),
  withContexts: (item, texts) => [item, { role: 'system', content: texts.join('\n\n') }],
  withWordsBefore: (message, text) => [{ role: 'user', content: text }, message],
};
