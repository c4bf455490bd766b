import { frameBytes } from '../../sse/sse-frame.ts';
import type { LocalCodec } from '../local-codec.ts';
import { faultError } from '../../translation/faults/fault-error.ts';
import { openaiError } from '../common/openai-error.ts';
import { objectAt } from '../common/read-event.ts';
import { chatAnswer } from './local-answer.ts';

export const chatLocal: LocalCodec = {
  answer: chatAnswer,
  error: openaiError,
  faultInStream: (fault) => objectAt(openaiError(faultError(fault)), 'error'),
  errorEnd: (error) => frameBytes(JSON.stringify(openaiError(error))),
  keepalive: undefined,
  requestIdNames: ['x-request-id'],
};
