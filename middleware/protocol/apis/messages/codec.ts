import type { ApiCodec } from '../api-codec.ts';
import { messagesAnswerCodec } from './answer.ts';
import { messagesLocal } from './local.ts';
import { messagesRequest } from './request.ts';
import { messagesRounds } from './rounds.ts';

export const messagesCodec: ApiCodec = {
  name: 'Messages',
  request: messagesRequest,
  answer: messagesAnswerCodec,
  local: messagesLocal,
  rounds: messagesRounds,
};
