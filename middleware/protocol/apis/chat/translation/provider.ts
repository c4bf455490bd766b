import { claudesRefusal } from '../../../translation/faults/refused-thoughts.ts';
import type { ProviderTranslation } from '../../../translation/translation-codec.ts';
import { unreadable } from './originals.ts';
import { readChatAnswer } from './read-answer.ts';
import { ChatTranslationReader } from './reader.ts';
import { writeChatRequest } from './write-request.ts';

/** Gateways have Claude too. */
const ofAnyModel = new RegExp(`${unreadable.source}|${claudesRefusal.source}`, 'i');

/** Every provider that LiteLLM calls through the Chat Completions API. */
export const chatProvider: ProviderTranslation = {
  path: '/chat/completions',
  blobs: { origin: 'openai-compatible', unreadable: ofAnyModel },
  writeRequest: writeChatRequest,
  openReader: (names, traits, callIds) => new ChatTranslationReader(names, traits, callIds),
  readAnswer: readChatAnswer,
};
