import { objectIn, parseJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { AnswerFault, EndReason } from '../translation/answer-event.ts';
import { refusedBy } from '../translation/faults/refused-by.ts';

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
  const told = typeof message === 'string' ? withoutAddress(message) : '';
  const refusal = refusalIn(told);
  const status = statusOf(info, told, refusal !== undefined);
  const kind = typeof info === 'string' ? kinds[info] : kindOfStatus(status);
  const words = isInterrupted ? 'Codex was interrupted' : 'Codex could not answer, and says no reason';
  const said = refusal ?? (told || words);
  return (
    keyFault(status, said, told) ?? {
      kind: kind ?? (refusal === undefined ? 'failed' : 'invalid'),
      message: said,
      retryAfterSeconds: undefined,
    }
  );
}

/** Codes of ours under which a middleware refuses the calls of Codex, and says where the key stands. */
const ourCodes = ['provider_key_refused', 'provider_key_missing', 'forbidden_by_provider'] as const;

/** What is refused is the key or the login of Codex: no caller can help it, and whoever runs this has to be told where it stands. */
function keyFault(status: number, said: string, body: string): AnswerFault | undefined {
  const kind = { kind: 'invalid', retryAfterSeconds: undefined } as const;
  const { code: toldCode } = objectIn(parseJsonObject(body)?.['error']);
  const code = ourCodes.find((each) => each === toldCode);
  if (code !== undefined) return { ...kind, code, message: said };
  const refused = refusedBy(status, said.replace(statusWords, ''), body.replace(statusWords, ''));
  if (refused === undefined) return undefined;
  return refused === 'request'
    ? {
        ...kind,
        code: 'forbidden_by_provider',
        message: `the provider of Codex does not allow this, whatever the key: ${said}`,
      }
    : {
        ...kind,
        code: 'provider_key_refused',
        message: `the provider of Codex refused the key or login that Codex has (whoever runs this sees to it: \`codex login\` in its CODEX_HOME, or the variable of the provider's key): ${said}`,
      };
}

/** Codex's own before what a provider says. */
const statusWords = /^unexpected status (\d{3})(?: [A-Z][\w ]*)?(?:: |$)/;

/** The status with which its provider refused, as far as Codex tells. */
function statusOf(info: unknown, told: string, isRefusal: boolean): number {
  if (info === 'unauthorized') return 401;
  const [inside] = typeof info === 'object' && info !== null ? (Object.values(info) as unknown[]) : [];
  const { httpStatusCode: given } = objectIn(inside);
  if (typeof given === 'number') return given;
  const [, inWords] = statusWords.exec(told) ?? [];
  return Number(inWords ?? (isRefusal ? 400 : 0));
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
function kindOfStatus(status: number): AnswerFault['kind'] | undefined {
  if (status === 429) return 'rate-limit';
  return status === 401 || status === 403 || status === 400 ? 'invalid' : undefined;
}
