import { listIn, objectIn, parseJson, textMember } from '../../../kernel/json-object.ts';
import { isPage, providersError } from './litellm-fault.ts';
import { keyNames, keyWords, requestWords, wrongKeyNames, wrongKeyWords } from './refusal-words.ts';
import { withoutQuotes } from './without-quotes.ts';

/** Of what a provider refused, what somebody has to mend. */
type Refused =
  /** The key with which LiteLLM is called. */
  | 'litellm-key'
  /** The key with which the provider is called, or what it may do. */
  | 'provider-key'
  /** What is asked for, or from where: no other key helps. */
  | 'request';

/** LiteLLM without a database says the first of a key that is not its own, and the last of one that may call other models alone. */
const masterKeyWords =
  /^(?:No connected db\.|Authentication Error,|(?:key|team|user|org|project) not allowed to access model\b)/i;

/**
 * What was refused with a status: `said` are the words without LiteLLM's around them, `body` is all that the provider sent: LiteLLM names
 * every 403 a `permission_error`. Nothing that is quoted counts, be it words or names: it may be of the request. `undefined` where it is neither a refusal of a key nor a 403. A 403 that does not say what it is about, or is a page for browsers, is about the request: who is told to mend a key that is good
 * looks in the wrong place.
 */
export function refusedBy(status: number, said: string, body: string): Refused | undefined {
  if (statuses.has(status) && masterKeyWords.test(said)) return 'litellm-key';
  switch (status) {
    case 400:
      return wrongKeyWords.test(said) || hasName(body, wrongKeyNames) ? 'provider-key' : undefined;
    case 401:
      return 'provider-key';
    case 403:
      return forbiddenBy(said, body);
    default:
      return undefined;
  }
}

const statuses: ReadonlySet<number> = new Set([400, 401, 403]);

function forbiddenBy(said: string, body: string): Refused {
  const words = withoutQuotes(said);
  if (isPage(said) || requestWords.test(words)) return 'request';
  return keyWords.test(words) || hasName(body, keyNames) ? 'provider-key' : 'request';
}

/** Whether a provider calls its error by one of the names: in the error itself, or in Google's details of it. */
function hasName(body: string, names: RegExp): boolean {
  const value = parseJson(body);
  // Google's API for clients of OpenAI has its errors in a list.
  const told: unknown = (Array.isArray(value) ? value[0] : value) ?? providersError(body);
  const error = objectIn(told)['error'];
  return [told, error, ...listIn(objectIn(error)['details'])].some((each) =>
    ['code', 'type', 'status', 'reason'].some((field) => names.test(textMember(objectIn(each), field) ?? '')),
  );
}
