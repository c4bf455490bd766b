import { errorCatalogue, type CodexPlusError, type ErrorCode } from '../kernel/errors.ts';
import type { Api, Client } from '../kernel/exchange.ts';
import type { Reply } from '../kernel/reply.ts';
import type { AnswerFailure } from './answer-failure.ts';
import { failedResponse, type SentStream } from './apis/responses/failed-response.ts';
import type { LocalAnswerHead } from './local-answer.ts';
import { requestIdHeaders } from './request-id-headers.ts';
import { frameBytes } from './sse/sse-frame.ts';

/** What an error answer is made for: the client's program and the API that it called, if it called one. */
export interface ErrorAudience {
  readonly client: Client;
  readonly api: Api | undefined;
  readonly requestId: string;
}

/**
 * The answer to a request that failed before its answer began, in the form that the client shows its user.
 * Codex repeats a 401, 403, 413 or 422 six times and hides the message of a 500; a 400 with plain text it shows word for
 * word after one try. So what a retry cannot mend is a 400 in plain text for Codex, and what it can keeps its status.
 */
export function errorReply(error: CodexPlusError, audience: ErrorAudience): Reply {
  const final = !errorCatalogue[error.code].retryable;
  const headers = [...requestIdHeaders(audience.api, audience.requestId)];
  if (error.retryAfterSeconds !== undefined) headers.push('retry-after', String(error.retryAfterSeconds));
  // The official SDKs repeat every 409, 429 and 5xx, unless they are told not to.
  if (final) headers.push('x-should-retry', 'false');
  if (audience.client.kind === 'codex' && final && error.status !== 426) {
    return reply(400, [...headers, 'content-type', 'text/plain; charset=utf-8'], error.message);
  }
  const body = JSON.stringify(audience.api === 'messages' ? anthropicError(error) : openaiError(error));
  return reply(error.status, [...headers, 'content-type', 'application/json'], body);
}

/** The stream that an error ends. */
export interface BrokenStream {
  readonly api: Api;
  readonly sent: SentStream;
  /** What an answer of ours is made with, where the upstream's has not begun. */
  readonly head: LocalAnswerHead;
  /** What the upstream said of it. */
  readonly failure?: AnswerFailure | undefined;
}

/**
 * The frames that end an event stream which can't be finished, so that the client sees an error and never a polite end.
 * Codex retries a `response.failed` whose code it does not know, as it retries a broken connection.
 */
export function errorFrames(error: CodexPlusError, { api, sent, head, failure }: BrokenStream): Buffer {
  switch (api) {
    case 'responses': {
      const code = failure?.code ?? responsesCodes[error.code] ?? error.code;
      return failedResponse({ code, message: failure?.message ?? error.message }, sent, head);
    }
    case 'chat':
    case 'completions':
      return frameBytes(JSON.stringify(openaiError(error)));
    case 'messages':
      return frameBytes(JSON.stringify(anthropicError(error)), 'error');
  }
}

function openaiError(error: CodexPlusError): unknown {
  return {
    error: {
      message: error.message,
      type: openaiTypes[error.code] ?? 'server_error',
      param: null,
      code: error.code,
    },
  };
}

function anthropicError(error: CodexPlusError): unknown {
  return {
    type: 'error',
    error: { type: anthropicTypes[error.code] ?? 'api_error', message: error.message },
  };
}

/** Codex shows the message of this code after one try; what failed after many model calls is not to be tried again. */
const responsesCodes: Partial<Record<ErrorCode, string>> = {
  upstream_refused: 'invalid_prompt',
  too_many_rounds: 'invalid_prompt',
  answer_too_large: 'invalid_prompt',
};

const openaiTypes: Partial<Record<ErrorCode, string>> = {
  request_timeout: 'invalid_request_error',
  invalid_body: 'invalid_request_error',
  invalid_path: 'invalid_request_error',
  invalid_host: 'invalid_request_error',
  blocked_by_hook: 'invalid_request_error',
  too_many_rounds: 'invalid_request_error',
  credential_refused: 'invalid_request_error',
  provider_key_missing: 'invalid_request_error',
  unauthorized: 'authentication_error',
  calls_unchecked: 'permission_error',
  forbidden_origin: 'permission_error',
  body_too_large: 'invalid_request_error',
  unsupported_encoding: 'invalid_request_error',
  websocket_unsupported: 'invalid_request_error',
};

const anthropicTypes: Partial<Record<ErrorCode, string>> = {
  request_timeout: 'timeout_error',
  invalid_body: 'invalid_request_error',
  invalid_path: 'invalid_request_error',
  invalid_host: 'invalid_request_error',
  blocked_by_hook: 'invalid_request_error',
  too_many_rounds: 'invalid_request_error',
  credential_refused: 'invalid_request_error',
  provider_key_missing: 'invalid_request_error',
  unauthorized: 'authentication_error',
  calls_unchecked: 'permission_error',
  forbidden_origin: 'permission_error',
  body_too_large: 'request_too_large',
  unsupported_encoding: 'invalid_request_error',
  upstream_not_ready: 'overloaded_error',
  no_route: 'overloaded_error',
  draining: 'overloaded_error',
  overloaded: 'overloaded_error',
  upstream_timeout: 'timeout_error',
};

function reply(status: number, headers: readonly string[], text: string): Reply {
  const bytes = Buffer.from(text);
  return {
    kind: 'reply',
    status,
    headers: [...headers, 'content-length', String(bytes.length)],
    body: { kind: 'bytes', bytes },
  };
}
