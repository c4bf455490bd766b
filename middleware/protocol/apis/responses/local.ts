import { toldInStream } from '../../translation/faults/with-wait.ts';
import type { LocalCodec } from '../local-codec.ts';
import { openaiError } from '../common/openai-error.ts';
import { failedResponse } from './failed-response.ts';
import { responsesAnswer } from './local-answer.ts';
import { toldToCodex } from './told-to-codex.ts';
import { failureOf } from './translation/write-failure.ts';

export const responsesLocal: LocalCodec = {
  answer: responsesAnswer,
  error: openaiError,
  faultInStream: (fault) => ({ ...failureOf(fault) }),
  errorEnd: (error, { sent, client, head, failure }) => {
    const said = toldInStream(error);
    const told =
      client.kind === 'codex'
        ? toldToCodex(said)
        : { code: said.names?.code ?? said.code, message: said.message };
    return failedResponse(
      { code: failure?.code ?? told.code, message: failure?.message ?? told.message },
      sent,
      head,
    );
  },
  keepalive: undefined,
  requestIdNames: ['x-request-id'],
};
