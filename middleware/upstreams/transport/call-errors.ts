import { codeOf, CodexPlusError } from '../../kernel/errors.ts';

/** Nothing of an answer came, for another reason than time. */
export function unreachable(url: URL, reason: string, cause?: unknown): CodexPlusError {
  return new CodexPlusError('upstream_unreachable', `${url.host} could not be reached: ${reason}`, { cause });
}

/** The request went out, and no head came back in time. */
export function noHeadInTime(url: URL, headersMs: number, cause?: unknown): CodexPlusError {
  return new CodexPlusError('upstream_timeout', `${url.host} did not answer within ${headersMs} ms`, {
    cause,
  });
}

/** The answer ended before its end. */
export function brokeOff(url: URL, reason: string, cause?: unknown): CodexPlusError {
  return new CodexPlusError('stream_incomplete', `the answer of ${url.host} broke off: ${reason}`, { cause });
}

/** The answer stopped coming, and its connection stayed open. */
export function fellSilent(url: URL, idleMs: number, cause?: unknown): CodexPlusError {
  return new CodexPlusError('stream_incomplete', `the answer of ${url.host} was silent for ${idleMs} ms`, {
    cause,
  });
}

/** Why a call was given up, as whoever gave it up said. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('the request was given up');
}

/** The code of a library's or the system's error, or else its message. */
export function reasonOf(error: Error): string {
  return codeOf(error) ?? error.message;
}
