import type { CodexPlusError, ErrorCode } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';

/** An error in the form that OpenAI's APIs and all who speak them have. */
export function openaiError(error: CodexPlusError): JsonObject {
  return {
    error: {
      message: error.message,
      type: openaiTypes[error.code] ?? 'server_error',
      param: null,
      code: error.code,
    },
  };
}

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
