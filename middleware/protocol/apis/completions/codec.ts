import type { ApiCodec } from '../api-codec.ts';
import { chatAnswerCodec } from '../chat/answer.ts';
import { chatHistory } from '../chat/history.ts';
import { chatLocal } from '../chat/local.ts';
import { chatRequest } from '../chat/request.ts';
import { completionsAnswer } from './local-answer.ts';
import { completionsTextIn } from './text-in.ts';
import { completionsClient } from './translation/client.ts';

/** The legacy API before Chat Completions: a prompt, and a text that goes on from it. It has no tools. */
export const completionsCodec: ApiCodec = {
  name: 'Completions',
  request: { ...chatRequest, effort: undefined, tools: undefined },
  history: chatHistory,
  answer: { ...chatAnswerCodec, textHint: Buffer.from('"text"'), textIn: completionsTextIn },
  local: { ...chatLocal, answer: completionsAnswer },
  rounds: undefined,
  clientTranslation: completionsClient,
};
