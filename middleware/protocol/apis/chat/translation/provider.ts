import type { ProviderTranslation } from '../../../translation/translation-codec.ts';
import { readChatAnswer } from './read-answer.ts';
import { ChatTranslationReader } from './reader.ts';
import { writeChatRequest } from './write-request.ts';

/** Every provider that LiteLLM calls through the Chat Completions API. */
export const chatProvider: ProviderTranslation = {
  path: '/chat/completions',
  writeRequest: writeChatRequest,
  openReader: (names, { provider }, callIds) => new ChatTranslationReader(names, provider, callIds),
  readAnswer: readChatAnswer,
};
