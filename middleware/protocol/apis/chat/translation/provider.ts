import type { ProviderTranslation } from '../../../translation/translation-codec.ts';
import { unreadable } from './originals.ts';
import { readChatAnswer } from './read-answer.ts';
import { ChatTranslationReader } from './reader.ts';
import { writeChatRequest } from './write-request.ts';

/** Every provider that LiteLLM calls through the Chat Completions API. */
export const chatProvider: ProviderTranslation = {
  path: '/chat/completions',
  blobs: { origin: 'openai-compatible', unreadable },
  writeRequest: writeChatRequest,
  openReader: (names, { maker }, callIds) => new ChatTranslationReader(names, maker, callIds),
  readAnswer: readChatAnswer,
};
