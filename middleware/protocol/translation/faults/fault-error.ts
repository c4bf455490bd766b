import { CodexPlusError, type ErrorCode, type RefusalNames } from '../../../kernel/errors.ts';
import type { AnswerFault } from '../answer-event.ts';

const codes: Readonly<Record<AnswerFault['kind'], ErrorCode>> = {
  'context-length': 'context_length_exceeded',
  quota: 'insufficient_quota',
  'rate-limit': 'rate_limit_exceeded',
  overloaded: 'server_is_overloaded',
  'too-large': 'request_too_large',
  'unknown-model': 'unknown_to_provider',
  invalid: 'refused_by_provider',
  broken: 'provider_failed',
  failed: 'upstream_refused',
};

/** Under which clients know a model that is not there, whoever named it wrongly. */
export const unknownModel: RefusalNames = { status: 404, code: 'model_not_found' };

/** What a provider says within an answer as the error that it would have been before one. */
export function faultError({
  kind,
  code = codes[kind],
  message,
  retryAfterSeconds,
}: AnswerFault): CodexPlusError {
  return new CodexPlusError(code, message, {
    ...(kind === 'unknown-model' ? { names: unknownModel } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
