import type { CodexPlusError, ErrorCode } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';

export function messagesError(error: CodexPlusError): JsonObject {
  return {
    type: 'error',
    error: { type: anthropicTypes[error.code] ?? 'api_error', message: error.message },
  };
}

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
