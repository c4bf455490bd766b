import { claudesRefusal } from '../../../translation/faults/refused-thoughts.ts';
import type { ProviderTranslation } from '../../../translation/translation-codec.ts';
import { readMessagesAnswer } from './read-answer.ts';
import { MessagesTranslationReader } from './reader.ts';
import { writeMessagesRequest } from './write-request.ts';

/** Claude, whoever runs it. */
export const messagesProvider: ProviderTranslation = {
  path: '/messages',
  blobs: { origin: 'anthropic', unreadable: claudesRefusal },
  writeRequest: writeMessagesRequest,
  openReader: (names, { maker }, callIds) => new MessagesTranslationReader(names, maker, callIds),
  readAnswer: readMessagesAnswer,
};
