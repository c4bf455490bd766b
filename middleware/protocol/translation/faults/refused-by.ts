import { isPage } from './litellm-fault.ts';

/** Of what a provider refused, what somebody has to mend. */
type Refused =
  /** The key with which LiteLLM is called. */
  | 'litellm-key'
  /** The key with which the provider is called, or what it may do. */
  | 'provider-key'
  /** What is asked for, or from where: no other key helps. */
  | 'request';

/** Google and xAI say so under the status of a request that is wrong; xAI with its spaces encoded at times. */
const wrongKeyWords =
  /^(?:API key (?:not valid|expired)|Incorrect(?: |%20)API(?: |%20)key(?: |%20)provided\b)/;
/** Google's reason, and OpenAI's code of those who speak its API. */
const wrongKeyNames = /"(?:reason\\?" ?: ?\\?"API_KEY_INVALID|code\\?" ?: ?\\?"invalid_api_key)\\?"/;
/** LiteLLM without a database says the first of a key that is not its own, and the last of one that may call other models alone. */
const masterKeyWords =
  /^(?:No connected db\.|Authentication Error,|(?:key|team|user|org|project) not allowed to access model\b)/i;

/**
 * What a 403 says that no other key gets past, whatever else it says. Sources: OpenRouter, "Errors and Debugging", moderation errors; OpenAI's
 * `unsupported_country_region_territory`; Google's "User location is not supported"; Azure's "Access denied due to Virtual
 * Network/Firewall rules" and "A Virtual Network is configured for this resource".
 */
const requestWords =
  /\b(?:input|output|prompt|request|content|message)s? (?:was|were|is|has been) (?:flagged|blocked|filtered)|\bmoderation\b|content.?(?:policy|filter)|unsupported_country|\b(?:country|region|territory|location)\b[^.]{0,60}\bnot (?:supported|available)|virtual network|firewall/i;

/**
 * What a 403 says that is about the key, its account or its project. Sources: Anthropic's `permission_error`; Google's
 * `PERMISSION_DENIED`, with "reported as leaked", "unregistered callers", "has been suspended", "denied access"; OpenAI's
 * "insufficient permissions" and "does not have access to model"; OpenRouter's "Key limit exceeded"; Azure's
 * `AuthenticationTypeDisabled` and "does not have access to API/Operation"; Bedrock's "The security token included in the request is
 * invalid" and "The request signature we calculated does not match".
 */
const keyWords =
  /\b(?:api|subscription|access|provider|invalid|your|this|x-api) ?-?key\b|\bkey (?:based|limit|is|was|has|does)\b|permission|credential|authenticat|unauthori[sz]ed|unregistered callers|(?:not|n't) have access|not allowed to access|denied access|been suspended|security token|request signature|\bscopes?\b/i;
const keyNames =
  /(?:"(?:code|type|status|reason)\\?" ?: ?\\?"|'(?:code|type|status|reason)': ')(?:authentication_error|permission_error|PERMISSION_DENIED|PermissionDenied|AuthenticationTypeDisabled|API_KEY_\w+|CONSUMER_\w+|insufficient_permissions|invalid_api_key|model_not_found)(?:\\?"|')/;

/**
 * What was refused with a status: `said` are the words without LiteLLM's around them, `body` is all that the provider sent: LiteLLM names
 * every 403 a `permission_error`. `undefined` where it is neither a refusal of a key nor a 403. A 403 that does not say what it is about, or is a page for browsers, is about the request: who is told to mend a key that is good
 * looks in the wrong place.
 */
export function refusedBy(status: number, said: string, body: string): Refused | undefined {
  if (statuses.has(status) && masterKeyWords.test(said)) return 'litellm-key';
  switch (status) {
    case 400:
      return wrongKeyWords.test(said) || wrongKeyNames.test(body) ? 'provider-key' : undefined;
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
  if (isPage(said) || requestWords.test(said)) return 'request';
  return keyWords.test(said) || keyNames.test(body) ? 'provider-key' : 'request';
}
