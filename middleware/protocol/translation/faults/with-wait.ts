import { CodexPlusError } from '../../../kernel/errors.ts';

/** A time to wait as Codex can read it: it knows no minutes. */
const readable = /try again in\s{0,9}\d{1,9}(?:\.\d{1,9})?\s{0,9}(?:s|ms|seconds?)\b/i;

/**
 * The words of an error in an answer that has begun, with the time to wait, for which no header is left. Codex reads it out of the words;
 * the other clients try such an answer again by their own clock or not at all, and show it.
 */
export function withWait(message: string, retryAfterSeconds: number | undefined): string {
  return retryAfterSeconds === undefined || readable.test(message)
    ? message
    : `${message} Please try again in ${retryAfterSeconds}s.`;
}

/** An error as the answer says it that it ends. */
export function toldInStream(error: CodexPlusError): CodexPlusError {
  const { code, message, retryAfterSeconds, names, cause } = error;
  const told = withWait(message, retryAfterSeconds);
  return told === message ? error : new CodexPlusError(code, told, { cause, ...(names && { names }) });
}
