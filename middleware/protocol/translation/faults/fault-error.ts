import { CodexPlusError, type ErrorCode } from '../../../kernel/errors.ts';
import type { AnswerFault } from '../answer-event.ts';

const codes: Readonly<Record<AnswerFault['kind'], ErrorCode>> = {
  'context-length': 'context_length_exceeded',
  quota: 'insufficient_quota',
  'rate-limit': 'rate_limit_exceeded',
  overloaded: 'server_is_overloaded',
  invalid: 'refused_by_provider',
  failed: 'upstream_refused',
};

/** What a provider says within an answer as the error that it would have been before one. */
export function faultError({ kind, message, retryAfterSeconds }: AnswerFault): CodexPlusError {
  return new CodexPlusError(
    codes[kind],
    message,
    retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
  );
}
