import { frameBytes } from '../../sse/sse-frame.ts';
import type { LocalCodec } from '../local-codec.ts';
import { faultError } from '../../translation/faults/fault-error.ts';
import { toldInStream } from '../../translation/faults/with-wait.ts';
import { objectAt } from '../common/read-event.ts';
import { messagesError } from './error.ts';
import { messagesAnswer } from './local-answer.ts';

export const messagesLocal: LocalCodec = {
  answer: messagesAnswer,
  error: messagesError,
  faultInStream: (fault) => objectAt(messagesError(toldInStream(faultError(fault))), 'error'),
  errorEnd: (error) => frameBytes(JSON.stringify(messagesError(toldInStream(error))), 'error'),
  keepalive: Buffer.from('event: ping\ndata: {"type": "ping"}\n\n'),
  // Anthropic's clients read the second, all others the first.
  requestIdNames: ['x-request-id', 'request-id'],
};
