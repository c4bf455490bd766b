import type { Client } from '../../../../kernel/exchange.ts';
import type { AnswerFault } from '../../../translation/answer-event.ts';
import { withWait } from '../../../translation/faults/with-wait.ts';
import { toldToCodex, type ToldError } from '../told-to-codex.ts';

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

/**
 * The `error` of a response that failed: the code that its fault has, or that of its kind. Codex reads the time to wait out of the text.
 * `client`: whom it is for, where that is known.
 */
export function failureOf(
  { kind, code, message, retryAfterSeconds }: AnswerFault,
  client?: Pick<Client, 'kind'>,
): ToldError {
  const told = withWait(message, retryAfterSeconds);
  if (code === undefined) return { code: codes[kind], message: told };
  return client?.kind === 'codex' ? toldToCodex({ code, message: told }) : { code, message: told };
}
