import type { AnswerFault } from '../../../translation/answer-event.ts';

/** The codes by which Codex and the SDKs decide what to tell, and whether to try again. */
const codes: Readonly<Record<AnswerFault['kind'], string>> = {
  'context-length': 'context_length_exceeded',
  quota: 'insufficient_quota',
  'rate-limit': 'rate_limit_exceeded',
  overloaded: 'server_is_overloaded',
  invalid: 'invalid_prompt',
  failed: 'server_error',
};

/** A time to wait as Codex can read it: it knows no minutes. */
const readable = /try again in\s{0,9}\d{1,9}(?:\.\d{1,9})?\s{0,9}(?:s|ms|seconds?)\b/i;

/** The `error` of a response that failed. Codex reads the time to wait out of the text. */
export function failureOf({ kind, message, retryAfterSeconds }: AnswerFault): {
  readonly code: string;
  readonly message: string;
} {
  const wait =
    kind === 'rate-limit' && retryAfterSeconds !== undefined && !readable.test(message)
      ? ` Please try again in ${retryAfterSeconds}s.`
      : '';
  return { code: codes[kind], message: message + wait };
}
