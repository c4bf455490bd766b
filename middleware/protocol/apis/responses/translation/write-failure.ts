import type { AnswerFault } from '../../../translation/answer-event.ts';
import { withWait } from '../../../translation/faults/with-wait.ts';

/** The codes by which Codex and the SDKs decide what to tell, and whether to try again. */
const codes: Readonly<Record<AnswerFault['kind'], string>> = {
  'context-length': 'context_length_exceeded',
  quota: 'insufficient_quota',
  'rate-limit': 'rate_limit_exceeded',
  overloaded: 'server_is_overloaded',
  'too-large': 'invalid_prompt',
  'unknown-model': 'invalid_prompt',
  invalid: 'invalid_prompt',
  broken: 'server_error',
  failed: 'server_error',
};

/** The `error` of a response that failed. Codex reads the time to wait out of the text. */
export function failureOf({ kind, message, retryAfterSeconds }: AnswerFault): {
  readonly code: string;
  readonly message: string;
} {
  return { code: codes[kind], message: withWait(message, retryAfterSeconds) };
}
