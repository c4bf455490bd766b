import type { CodexPlusError, ErrorCode } from '../../../kernel/errors.ts';
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
    const told = client.kind === 'codex' ? toldToCodex(error) : error;
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
 * message of this code after one try: what failed after many model calls is not to be tried again.
 */
const finalCode = 'invalid_prompt';
const finalErrors: readonly ErrorCode[] = ['upstream_refused', 'too_many_rounds', 'answer_too_large'];

/** It shows no code, so that ours stands in the message. */
function toldToCodex({ code, message }: CodexPlusError): { readonly code: string; readonly message: string } {
  return finalErrors.includes(code)
    ? { code: finalCode, message: `${message} (${code})` }
    : { code, message };
}
