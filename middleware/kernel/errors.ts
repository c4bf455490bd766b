import type { RawHeaders } from './headers.ts';

/**
 * Every error that this middleware can answer with: its HTTP status, and whether trying again may help.
 * Statuses are what a generic client sees; `protocol/error-reply` turns them into the form that each client understands.
 */
export const errorCatalogue = {
  invalid_body: { status: 400, retryable: false },
  invalid_path: { status: 400, retryable: false },
  invalid_host: { status: 400, retryable: false },
  credential_refused: { status: 400, retryable: false },
  blocked_by_hook: { status: 400, retryable: false },
  too_many_rounds: { status: 400, retryable: false },
  provider_key_missing: { status: 400, retryable: false },
  provider_key_refused: { status: 400, retryable: false },
  forbidden_by_provider: { status: 400, retryable: false },
  previous_response_not_found: { status: 400, retryable: false },
  context_length_exceeded: { status: 400, retryable: false },
  refused_by_provider: { status: 400, retryable: false },
  model_not_found: { status: 404, retryable: false },
  /** The configuration names it wrongly; clients are told `model_not_found`. */
  unknown_to_provider: { status: 404, retryable: false },
  not_served: { status: 404, retryable: false },
  insufficient_quota: { status: 429, retryable: false },
  concurrency_exceeded: { status: 429, retryable: true },
  rate_limit_exceeded: { status: 429, retryable: true },
  server_is_overloaded: { status: 503, retryable: true },
  unauthorized: { status: 401, retryable: false },
  calls_unchecked: { status: 403, retryable: false },
  forbidden_origin: { status: 403, retryable: false },
  method_not_allowed: { status: 405, retryable: false },
  request_timeout: { status: 408, retryable: true },
  body_too_large: { status: 413, retryable: false },
  /** For its provider; what is for us is `body_too_large`. */
  request_too_large: { status: 413, retryable: false },
  unsupported_encoding: { status: 415, retryable: false },
  websocket_unsupported: { status: 426, retryable: false },
  internal: { status: 500, retryable: false },
  tokens_not_counted: { status: 501, retryable: false },
  provider_failed: { status: 502, retryable: true },
  upstream_unreachable: { status: 502, retryable: true },
  upstream_challenge: { status: 502, retryable: false },
  upstream_unreadable: { status: 502, retryable: false },
  upstream_refused: { status: 502, retryable: false },
  answer_too_large: { status: 502, retryable: false },
  stream_incomplete: { status: 502, retryable: true },
  upstream_not_ready: { status: 503, retryable: true },
  no_route: { status: 503, retryable: true },
  draining: { status: 503, retryable: true },
  overloaded: { status: 503, retryable: true },
  upstream_timeout: { status: 504, retryable: true },
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

/** What a provider calls its refusal, for clients of an API that has such names. */
export interface RefusalNames {
  /** Of the answer, in the place of the code's. */
  readonly status: number;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
}

interface CodexPlusErrorOptions {
  readonly cause?: unknown;
  /** Seconds after which a retry makes sense; sent as `retry-after`. */
  readonly retryAfterSeconds?: number;
  /** Of the upstream's answer, where there was one: its limits and ids, for the client. */
  readonly headers?: RawHeaders;
  readonly names?: RefusalNames;
  /** The member of the request that the message is about, as a path: `messages[0].content`. */
  readonly param?: string;
}

/** What cannot go on, with a code of the catalogue and a message for the client: lower case, no secret. */
export class CodexPlusError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: RawHeaders;
  /** Of a refusal that goes on under the names of its provider. */
  readonly names: RefusalNames | undefined;
  readonly param: string | undefined;

  constructor(code: ErrorCode, message: string, options: CodexPlusErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CodexPlusError';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.headers = options.headers ?? [];
    this.names = options.names;
    this.param = options.names?.param ?? options.param;
  }

  get status(): number {
    return this.names?.status ?? errorCatalogue[this.code].status;
  }
}

/** What cannot go on because of a member of the request, which the message says as well. */
export function wrongMember(param: string, message: string): CodexPlusError {
  return new CodexPlusError('invalid_body', message, { param });
}

/** Whether an error that ends an answer is a rule's, our end or a fault of ours, and not its upstream's. */
export function isOurs({ code, status }: CodexPlusError): boolean {
  return code === 'internal' || code === 'draining' || status < 500;
}

/** The code of a system or library error, such as `ECONNREFUSED`; `undefined` where there is none. */
export function codeOf(error: unknown): string | undefined {
  // Not by class: errors of Node's core may be of another realm than this code.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The error itself if it is ours, otherwise an `internal` one that keeps it as the cause. */
export function asCodexPlusError(error: unknown): CodexPlusError {
  if (error instanceof CodexPlusError) return error;
  return new CodexPlusError('internal', 'the middleware failed on this request; its log has the reason', {
    cause: error,
  });
}
