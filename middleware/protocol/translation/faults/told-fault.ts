import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { AnswerFault } from '../answer-event.ts';
import { isBrokenCode } from './broken-answer.ts';
import { namedStatuses } from './named-statuses.ts';
import { faultCode, withoutLitellm, type LitellmFaultCode } from './litellm-fault.ts';
import { secondsToWait } from './seconds-to-wait.ts';

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
    ...(isBrokenCode(code) ? { code } : {}),
    message: words || 'the provider failed without a reason',
    retryAfterSeconds: isBusy ? wait : undefined,
  };
}

/** LiteLLM gives the status as the code, where it does not only name its class in the text. */
function statusOf(told: JsonObject, names: readonly string[], said: string): number {
  const given = [told['code'], told['status']].map(Number).find((status) => status >= 400);
  const [, named = ''] = /^litellm\.(\w+):/.exec(said) ?? [];
  if (given !== undefined) return given;
  const all = [...names, named];
  const known = all.map((name) => namedStatuses.get(name)).find((status) => status !== undefined);
  return known ?? (all.some((name) => general.has(name)) ? 500 : 0);
}
