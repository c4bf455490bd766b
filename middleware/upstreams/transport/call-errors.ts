import { codeOf, CodexPlusError } from '../../kernel/errors.ts';

/** Nothing of an answer came, for another reason than time. */
export function unreachable(url: URL, reason: string, cause?: unknown): CodexPlusError {
  return new CodexPlusError('upstream_unreachable', `${url.host} could not be reached: ${reason}`, { cause });
}

/** Of undici, where its parser's errors have none. The last one is a status below 100. */
const notHttpCodes = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'ERR_ASSERTION',
]);

/** No answer that counts came: there was none, or what came is no HTTP. */
export function noAnswer(url: URL, reason: string, cause?: unknown): CodexPlusError {
  if (!isNotHttp(cause)) return unreachable(url, reason, cause);
  return new CodexPlusError('upstream_unreadable', `${url.host} answered with what is no HTTP: ${reason}`, {
    cause,
  });
}

function isNotHttp(cause: unknown): boolean {
  const code = codeOf(cause) ?? '';
  // Not by class: errors of Node's core may be of another realm than this code.
  const isParserError =
    typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'HTTPParserError';
  return isParserError || code.startsWith('HPE_') || notHttpCodes.has(code);
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
