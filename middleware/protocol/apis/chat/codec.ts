import type { ApiCodec } from '../api-codec.ts';
import { chatAnswerCodec } from './answer.ts';
import { chatHistory } from './history.ts';
import { chatLocal } from './local.ts';
import { chatRequest } from './request.ts';
import { chatRounds } from './rounds.ts';
import { chatClient } from './translation/client.ts';
import { chatProvider } from './translation/provider.ts';

export const chatCodec: ApiCodec = {
  name: 'Chat Completions',
  request: chatRequest,
  history: chatHistory,
  answer: chatAnswerCodec,
  local: chatLocal,
  rounds: chatRounds,
  clientTranslation: chatClient,
  providerTranslation: chatProvider,
};
