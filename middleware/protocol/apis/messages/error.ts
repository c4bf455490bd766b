import type { CodexPlusError, ErrorCode } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';

/** An error in the form of the Messages API, and with our code, which says more than the types that it has. */
export function messagesError(error: CodexPlusError): JsonObject {
  return {
    type: 'error',
    error: { type: typeOf(error), message: messageOf(error), code: error.names?.code ?? error.code },
  };
}

/** Claude Code knows a conversation that is too long by these words of Anthropic's, and compacts it then. */
const tooLong = 'prompt is too long';

function messageOf({ code, message }: CodexPlusError): string {
  const isUntold = code === 'context_length_exceeded' && !message.toLowerCase().includes(tooLong);
  return isUntold ? `${tooLong}: ${message}` : message;
}

/** By the status of a refusal, where its provider gave it one. */
function typeOf({ code, names }: CodexPlusError): AnthropicErrorType {
  return (names && typesOfStatuses.get(names.status)) ?? anthropicTypes[code];
}

type AnthropicErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'request_too_large'
  | 'api_error'
  | 'overloaded_error';

const typesOfStatuses: ReadonlyMap<number, AnthropicErrorType> = new Map([
  [404, 'not_found_error'],
  [413, 'request_too_large'],
]);

/** Of every code: with a default, one that is added would be told as a fault of the server without a word. */
const anthropicTypes: Readonly<Record<ErrorCode, AnthropicErrorType>> = {
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
  model_not_found: 'not_found_error',
  unknown_to_provider: 'not_found_error',
  not_served: 'not_found_error',
  tokens_not_counted: 'api_error',
  insufficient_quota: 'rate_limit_error',
  concurrency_exceeded: 'rate_limit_error',
  rate_limit_exceeded: 'rate_limit_error',
  server_is_overloaded: 'overloaded_error',
  unauthorized: 'authentication_error',
  calls_unchecked: 'permission_error',
  forbidden_origin: 'permission_error',
  method_not_allowed: 'invalid_request_error',
  request_timeout: 'timeout_error',
  body_too_large: 'request_too_large',
  request_too_large: 'request_too_large',
  unsupported_encoding: 'invalid_request_error',
  websocket_unsupported: 'invalid_request_error',
  internal: 'api_error',
  provider_failed: 'api_error',
  upstream_unreachable: 'api_error',
  upstream_challenge: 'api_error',
  upstream_unreadable: 'api_error',
  upstream_refused: 'api_error',
  answer_too_large: 'api_error',
  stream_incomplete: 'api_error',
  upstream_not_ready: 'overloaded_error',
  no_route: 'overloaded_error',
  draining: 'overloaded_error',
  overloaded: 'overloaded_error',
  upstream_timeout: 'timeout_error',
};
