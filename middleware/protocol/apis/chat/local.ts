import { frameBytes } from '../../sse/sse-frame.ts';
import type { LocalCodec } from '../local-codec.ts';
import { faultError } from '../../translation/faults/fault-error.ts';
import { toldInStream } from '../../translation/faults/with-wait.ts';
import { openaiError } from '../common/openai-error.ts';
import { objectAt } from '../common/read-event.ts';
import { chatAnswer } from './local-answer.ts';

export const chatLocal: LocalCodec = {
  answer: chatAnswer,
  error: openaiError,
  faultInStream: (fault) => objectAt(openaiError(toldInStream(faultError(fault))), 'error'),
  errorEnd: (error) => frameBytes(JSON.stringify(openaiError(toldInStream(error)))),
  keepalive: undefined,
  requestIdNames: ['x-request-id'],
};
