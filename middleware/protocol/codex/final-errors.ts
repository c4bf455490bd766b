import { errorCatalogue, type ErrorCode } from '../../kernel/errors.ts';

/** It has words or ways of its own for these, and knows them by the code. */
const knownToCodex: ReadonlySet<ErrorCode> = new Set([
  'websocket_unsupported',
  'context_length_exceeded',
  'insufficient_quota',
]);

/** Whether Codex has to be told in a way of its own that another try does not help: by a code that it does not know it would try again. */
export function isFinalForCodex(code: ErrorCode): boolean {
  return !errorCatalogue[code].retryable && !knownToCodex.has(code);
}
