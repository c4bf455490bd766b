import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerFault } from '../../../translation/answer-event.ts';
import { tellsContextLength } from '../../../translation/tells-context-length.ts';
import { textAt } from '../../common/read-event.ts';

/** Anthropic's types of errors. Source: Anthropic API, "Errors". */
const kinds: ReadonlyMap<string, AnswerFault['kind']> = new Map([
  ['overloaded_error', 'overloaded'],
  ['rate_limit_error', 'rate-limit'],
  ['billing_error', 'quota'],
  ['invalid_request_error', 'invalid'],
  ['request_too_large', 'invalid'],
]);

/** What an `error` of the Messages API says. */
export function faultOf(error: JsonObject): AnswerFault {
  const message = textAt(error, 'message') || 'the provider failed without a reason';
  const kind = tellsContextLength(message) ? 'context-length' : kinds.get(textAt(error, 'type'));
  return { kind: kind ?? 'failed', message, retryAfterSeconds: undefined };
}
