import type { ProviderTranslation } from '../../../translation/translation-codec.ts';
import { readMessagesAnswer } from './read-answer.ts';
import { MessagesTranslationReader } from './reader.ts';
import { writeMessagesRequest } from './write-request.ts';

/** Claude, whoever runs it. */
export const messagesProvider: ProviderTranslation = {
  path: '/messages',
  writeRequest: writeMessagesRequest,
  openReader: (names, _traits, callIds) => new MessagesTranslationReader(names, callIds),
  readAnswer: readMessagesAnswer,
};
