import type { ApiCodec } from '../api-codec.ts';
import { messagesAnswerCodec } from './answer.ts';
import { messagesHistory } from './history.ts';
import { messagesLocal } from './local.ts';
import { messagesRequest } from './request.ts';
import { messagesRounds } from './rounds.ts';
import { messagesClient } from './translation/client.ts';
import { messagesProvider } from './translation/provider.ts';

export const messagesCodec: ApiCodec = {
  name: 'Messages',
  request: messagesRequest,
  history: messagesHistory,
  answer: messagesAnswerCodec,
  local: messagesLocal,
  rounds: messagesRounds,
  clientTranslation: messagesClient,
  providerTranslation: messagesProvider,
};
