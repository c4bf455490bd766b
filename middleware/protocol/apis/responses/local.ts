import type { ErrorCode } from '../../../kernel/errors.ts';
import type { LocalCodec } from '../local-codec.ts';
import { openaiError } from '../common/openai-error.ts';
import { failedResponse } from './failed-response.ts';
import { responsesAnswer } from './local-answer.ts';

export const responsesLocal: LocalCodec = {
  answer: responsesAnswer,
  error: openaiError,
  // Codex retries a `response.failed` whose code it does not know, as it retries a broken connection.
  errorEnd: (error, { sent, head, failure }) => {
    const code = failure?.code ?? finalCodes[error.code] ?? error.code;
    return failedResponse({ code, message: failure?.message ?? error.message }, sent, head);
  },
  keepalive: undefined,
  requestIdNames: ['x-request-id'],
};

/** Codex shows the message of this code after one try; what failed after many model calls is not to be tried again. */
const finalCodes: Partial<Record<ErrorCode, string>> = {
  upstream_refused: 'invalid_prompt',
  too_many_rounds: 'invalid_prompt',
  answer_too_large: 'invalid_prompt',
};
