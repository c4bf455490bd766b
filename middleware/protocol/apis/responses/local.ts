import type { CodexPlusError } from '../../../kernel/errors.ts';
import { isFinalForCodex } from '../../codex/final-errors.ts';
import { toldInStream } from '../../translation/faults/with-wait.ts';
import type { LocalCodec } from '../local-codec.ts';
import { openaiError } from '../common/openai-error.ts';
import { failedResponse } from './failed-response.ts';
import { responsesAnswer } from './local-answer.ts';
import { failureOf } from './translation/write-failure.ts';

export const responsesLocal: LocalCodec = {
  answer: responsesAnswer,
  error: openaiError,
  faultInStream: failureOf,
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

/**
 * Codex retries a `response.failed` whose code it does not know, as it retries a broken connection. It shows the
 * message of this code after one try.
 */
const finalCode = 'invalid_prompt';

/** It shows no code, so that ours stands in the message. */
function toldToCodex({ code, message }: CodexPlusError): { readonly code: string; readonly message: string } {
  return isFinalForCodex(code) ? { code: finalCode, message: `${message} (${code})` } : { code, message };
}
