import type { CodexPlusError, ErrorCode } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';

/** An error in the form that OpenAI's APIs and all who speak them have. */
export function openaiError(error: CodexPlusError): JsonObject {
  return {
    error: {
      message: error.message,
      type: error.names?.type ?? openaiTypes[error.code],
      param: error.param ?? null,
      code: error.names?.code ?? error.code,
    },
  };
}

type OpenaiErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'insufficient_quota'
  | 'rate_limit_error'
  | 'server_error';

/** Of every code: with a default, one that is added would be told as a fault of the server without a word. */
const openaiTypes: Readonly<Record<ErrorCode, OpenaiErrorType>> = {
  invalid_body: 'invalid_request_error',
  invalid_path: 'invalid_request_error',
  invalid_host: 'invalid_request_error',
  credential_refused: 'invalid_request_error',
  blocked_by_hook: 'invalid_request_error',
  too_many_rounds: 'invalid_request_error',
  provider_key_missing: 'invalid_request_error',
  provider_key_refused: 'invalid_request_error',
  forbidden_by_provider: 'invalid_request_error',
  previous_response_not_found: 'invalid_request_error',
  context_length_exceeded: 'invalid_request_error',
  refused_by_provider: 'invalid_request_error',
  model_not_found: 'invalid_request_error',
  unknown_to_provider: 'invalid_request_error',
  not_served: 'invalid_request_error',
  tokens_not_counted: 'server_error',
  insufficient_quota: 'insufficient_quota',
  concurrency_exceeded: 'rate_limit_error',
  rate_limit_exceeded: 'rate_limit_error',
  server_is_overloaded: 'server_error',
  unauthorized: 'authentication_error',
  calls_unchecked: 'permission_error',
  forbidden_origin: 'permission_error',
  method_not_allowed: 'invalid_request_error',
  request_timeout: 'invalid_request_error',
  body_too_large: 'invalid_request_error',
  request_too_large: 'invalid_request_error',
  unsupported_encoding: 'invalid_request_error',
  websocket_unsupported: 'invalid_request_error',
  internal: 'server_error',
  provider_failed: 'server_error',
  upstream_unreachable: 'server_error',
  upstream_challenge: 'server_error',
  upstream_unreadable: 'server_error',
  upstream_refused: 'server_error',
  answer_too_large: 'server_error',
  stream_incomplete: 'server_error',
  upstream_not_ready: 'server_error',
  no_route: 'server_error',
  draining: 'server_error',
  overloaded: 'server_error',
  upstream_timeout: 'server_error',
};
