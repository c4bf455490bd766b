import type { ErrorCode } from '../../../kernel/errors.ts';
import { isFinalForCodex } from '../../codex/final-errors.ts';

/** The `error` of a response that failed. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
}

/**
 * Codex retries a `response.failed` whose code it does not know, as it retries a broken connection. It shows the
 * message of this code after one try.
 */
const finalCode = 'invalid_prompt';

/** An error of ours under a code by which Codex does what helps. It shows no code, so that ours stands in the message. */
export function toldToCodex({
  code,
  message,
}: {
  readonly code: ErrorCode;
  readonly message: string;
}): ToldError {
  return isFinalForCodex(code) ? { code: finalCode, message: `${message} (${code})` } : { code, message };
}
