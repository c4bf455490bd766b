import { CodexPlusError, errorCatalogue, type ErrorCode } from '../kernel/errors.ts';
import type { Api, Client } from '../kernel/exchange.ts';
import { headerNames, withoutHeaders } from '../kernel/headers.ts';
import { isJsonObject, type JsonObject } from '../kernel/json-object.ts';
import type { WholeReply } from '../kernel/reply.ts';
import { isFinalForCodex } from './codex/final-errors.ts';
import { codecOf } from './apis/codec-of.ts';
import type { UnfinishedStream } from './apis/local-codec.ts';
import { openaiError } from './apis/common/openai-error.ts';
import { requestIdHeaders } from './request-id-headers.ts';

/** What an error answer is made for: the client's program and the API that it called, if it called one. */
export interface ErrorAudience {
  readonly client: Client;
  readonly api: Api | undefined;
  readonly requestId: string;
}

/** What no other form of the same request would mend. */
const ofNoForm: ReadonlySet<ErrorCode> = new Set([
  'blocked_by_hook',
  'credential_refused',
  'forbidden_by_provider',
  'provider_key_missing',
  'provider_key_refused',
  'too_many_rounds',
]);

/**
 * The answer to a request that failed before its answer began, in the form that the client shows its user.
 * Codex repeats a 401, 403, 413 or 422 six times and hides the message of a 500; a 400 with plain text it shows word for
 * word after one try. So what a retry cannot mend is a 400 in plain text for Codex, and what it can keeps its status.
 * Claude Code sends what is answered with a 400 six times, each with less of what a gateway may not know, with a 424 once. A 401 or 403 it takes for its own key's. Measured with 2.1.332.
 */
export function errorReply(error: CodexPlusError, audience: ErrorAudience): WholeReply {
  const final = !errorCatalogue[error.code].retryable;
  const given = new Set(headerNames(error.headers));
  const ids = requestIdHeaders(audience.api, audience.requestId);
  const headers = [...error.headers, ...withoutHeaders(ids, given)];
  if (error.retryAfterSeconds !== undefined) headers.push('retry-after', String(error.retryAfterSeconds));
  // The official SDKs repeat every 409, 429 and 5xx, unless they are told not to.
  if (final) headers.push('x-should-retry', 'false');
  if (audience.client.kind === 'codex' && isFinalForCodex(error.code)) {
    return reply(400, [...headers, 'content-type', 'text/plain; charset=utf-8'], error.message);
  }
  const body = JSON.stringify(bodyOf(error, audience.api));
  const isFutile = audience.client.kind === 'claude' && ofNoForm.has(error.code);
  return reply(isFutile ? 424 : error.status, [...headers, 'content-type', 'application/json'], body);
}

/** Of a request that called no API, the form that most clients know. */
function bodyOf(error: CodexPlusError, api: Api | undefined): JsonObject {
  return api === undefined ? openaiError(error) : codecOf(api).local.error(error);
}

/** Whether a body is an error in the form of an API, by the members that all errors have there. */
export function isErrorOf(api: Api | undefined, body: JsonObject): boolean {
  const { error, ...others } = bodyOf(new CodexPlusError('internal', ''), api);
  const said = body['error'];
  const isSaid = isJsonObject(error) && isJsonObject(said) && typeof said['message'] === 'string';
  return isSaid && Object.entries(others).every(([name, value]) => body[name] === value);
}

/** The stream that an error ends. */
export interface BrokenStream extends UnfinishedStream {
  readonly api: Api;
}

/** The frames that end an event stream which can't be finished, so that the client sees an error and never a polite end. */
export function errorFrames(error: CodexPlusError, { api, ...stream }: BrokenStream): Buffer {
  return codecOf(api).local.errorEnd(error, stream);
}

function reply(status: number, headers: readonly string[], text: string): WholeReply {
  const bytes = Buffer.from(text);
  return {
    kind: 'reply',
    status,
    headers: [...headers, 'content-length', String(bytes.length)],
    body: { kind: 'bytes', bytes },
  };
}
