import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { AnswerFault } from '../answer-event.ts';
import type { BrokenCode } from './broken-answer.ts';
import { faultCode, withoutLitellm, type LitellmFaultCode } from './litellm-fault.ts';
import { secondsToWait } from './seconds-to-wait.ts';

/** What OpenAI says of a request that it will not take again either, in an answer that has begun. */
const refusals = [
  'invalid_prompt',
  'data_residency_mismatch',
  'bio_policy',
  'cyber_policy',
  'misalignment_policy_violation',
  'invalid_image',
  'invalid_image_format',
  'invalid_base64_image',
  'invalid_image_url',
  'image_too_large',
  'image_too_small',
  'image_parse_error',
  'image_content_policy_violation',
  'invalid_image_mode',
  'image_file_too_large',
  'unsupported_image_media_type',
  'empty_image_file',
  'failed_to_download_image',
  'image_file_not_found',
] as const;

/** The statuses that names of errors stand for: Anthropic's types, OpenAI's codes, LiteLLM's classes. */
const statuses: ReadonlyMap<string, number> = new Map([
  ['overloaded_error', 529],
  ['rate_limit_error', 429],
  ['billing_error', 402],
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['request_too_large', 413],
  ['insufficient_quota', 402],
  ['rate_limit_exceeded', 429],
  ['server_is_overloaded', 529],
  ['RateLimitError', 429],
  ['ServiceUnavailableError', 503],
  ['BadRequestError', 400],
  ['AuthenticationError', 401],
  ['PermissionDeniedError', 403],
  ['NotFoundError', 404],
  ['request_timeout', 408],
  ['Timeout', 408],
  ...refusals.map((name) => [name, 400] as const),
]);

/** What is said of any fault of a server, also where somebody knows more. */
const general: ReadonlySet<string> = new Set([
  ...['api_error', 'timeout_error', 'server_error', 'internal_server_error', 'InternalServerError'],
]);

const kinds: Readonly<Record<LitellmFaultCode, AnswerFault['kind']>> = {
  context_length_exceeded: 'context-length',
  insufficient_quota: 'quota',
  rate_limit_exceeded: 'rate-limit',
  server_is_overloaded: 'overloaded',
  model_not_found: 'unknown-model',
  unknown_to_provider: 'unknown-model',
  no_such_path: 'invalid',
  request_too_large: 'too-large',
  invalid_request: 'invalid',
  failed: 'broken',
  stream_incomplete: 'broken',
  upstream_timeout: 'broken',
  upstream_unreadable: 'failed',
};

/** What the `error` within a stream says, be it of the provider or LiteLLM's own; of any API. */
export function toldFault(error: unknown): AnswerFault {
  const told: JsonObject = isJsonObject(error) ? error : { message: error };
  const said = typeof told['message'] === 'string' ? told['message'] : '';
  const names = [told['code'], told['type']].filter((name) => typeof name === 'string');
  const status = statusOf(told, names, said);
  const words = withoutLitellm(said);
  // Google's time to wait may stand beside its words.
  const wait = secondsToWait(said) ?? secondsToWait(JSON.stringify(told));
  const code = faultCode(status, { names, said, message: words }, wait);
  const kind = code === undefined ? 'failed' : kinds[code];
  const isBusy = kind === 'rate-limit' || kind === 'overloaded';
  return {
    kind,
    ...(isBroken(code) ? { code } : {}),
    message: words || 'the provider failed without a reason',
    retryAfterSeconds: isBusy ? wait : undefined,
  };
}

function isBroken(code: LitellmFaultCode | undefined): code is BrokenCode {
  return code === 'stream_incomplete' || code === 'upstream_timeout' || code === 'upstream_unreadable';
}

/** LiteLLM gives the status as the code, where it does not only name its class in the text. */
function statusOf(told: JsonObject, names: readonly string[], said: string): number {
  const given = [told['code'], told['status']].map(Number).find((status) => status >= 400);
  const [, named = ''] = /^litellm\.(\w+):/.exec(said) ?? [];
  if (given !== undefined) return given;
  const all = [...names, named];
  const known = all.map((name) => statuses.get(name)).find((status) => status !== undefined);
  return known ?? (all.some((name) => general.has(name)) ? 500 : 0);
}
