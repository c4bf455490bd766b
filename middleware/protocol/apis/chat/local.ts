import { frameBytes } from '../../sse/sse-frame.ts';
import type { LocalCodec } from '../local-codec.ts';
import { openaiError } from '../common/openai-error.ts';
import { chatAnswer } from './local-answer.ts';

export const chatLocal: LocalCodec = {
  answer: chatAnswer,
  error: openaiError,
  errorEnd: (error) => frameBytes(JSON.stringify(openaiError(error))),
  keepalive: undefined,
  requestIdNames: ['x-request-id'],
};
