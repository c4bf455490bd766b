import { objectIn, parseJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { AnswerFault, EndReason } from '../translation/answer-event.ts';

/** What `codexErrorInfo` of a failed turn means, as `codex app-server` 0.171 names it. */
const kinds: Readonly<Record<string, AnswerFault['kind']>> = {
  contextWindowExceeded: 'context-length',
  usageLimitExceeded: 'quota',
  sessionBudgetExceeded: 'quota',
  rateLimitExceeded: 'rate-limit',
  serverOverloaded: 'overloaded',
  flexUnavailable: 'overloaded',
  policyCapacityUnavailable: 'overloaded',
  badRequest: 'invalid',
  modelNotFound: 'unknown-model',
  unauthorized: 'invalid',
  inferenceHookDenied: 'invalid',
  cyberPolicy: 'invalid',
  bioPolicy: 'invalid',
  misalignmentPolicyViolation: 'invalid',
};

/** Codex fails a turn whose answer the provider cut off, and has its word for why in the message alone. */
const incomplete = /^Incomplete response returned, reason: (\w+)$/;
const cutReasons: Readonly<Record<string, EndReason>> = {
  max_output_tokens: 'limit',
  content_filter: 'filtered',
};

/** Why the provider cut off the answer of a turn that Codex says has failed; `undefined` where it did not. */
export function cutReason({ message }: JsonObject): EndReason | undefined {
  const [, reason = ''] = typeof message === 'string' ? (incomplete.exec(message) ?? []) : [];
  return cutReasons[reason];
}

/** Why a turn of Codex failed, in the words of Codex or of its provider. */
export function turnFault(
  { message, codexErrorInfo: info }: JsonObject,
  isInterrupted: boolean,
): AnswerFault {
  const told = typeof message === 'string' && message !== '' ? withoutAddress(message) : undefined;
  const refusal = told === undefined ? undefined : refusalIn(told);
  const kind = typeof info === 'string' ? kinds[info] : kindOfStatus(info);
  const words = isInterrupted ? 'Codex was interrupted' : 'Codex could not answer, and says no reason';
  const said = refusal ?? told ?? words;
  return {
    kind: kind ?? (refusal === undefined ? 'failed' : 'invalid'),
    message:
      info === 'unauthorized'
        ? `Codex is not signed in at its provider, or its key is refused: ${said}`
        : said,
    retryAfterSeconds: undefined,
  };
}

/** Codex says behind each fault where it called its provider, which is nothing for callers. */
function withoutAddress(message: string): string {
  return message.replaceAll(/,? url: [^\s,]+/g, '').replaceAll(/ for url \([^\s)]+\)/g, '');
}

/** A 400 of the provider has no name of its own, and its body for a message. */
function refusalIn(message: string): string | undefined {
  const { message: said } = objectIn(parseJsonObject(message)?.['error']);
  return typeof said === 'string' ? said : undefined;
}

/** Faults of connections tell the status that they ended with. */
function kindOfStatus(info: unknown): AnswerFault['kind'] | undefined {
  if (typeof info !== 'object' || info === null) return undefined;
  const [told] = Object.values(info) as unknown[];
  const status =
    typeof told === 'object' && told !== null && 'httpStatusCode' in told ? told.httpStatusCode : 0;
  if (status === 429) return 'rate-limit';
  return status === 401 || status === 403 || status === 400 ? 'invalid' : undefined;
}
