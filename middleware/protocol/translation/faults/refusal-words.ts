/** How providers refuse a key, or what is asked for with it. `litellm/launch.py`, which asks other deployments then, has the same expressions. */

/** Google and xAI say so under the status of a request that is wrong; xAI with its spaces encoded at times. */
export const wrongKeyWords =
  /^(?:API key (?:not valid|expired)|Incorrect(?: |%20)API(?: |%20)key(?: |%20)provided\b)/;
/** Google's reason, and OpenAI's code of those who speak its API. */
export const wrongKeyNames = /^(?:API_KEY_INVALID|invalid_api_key)$/;

/**
 * What a 403 says that no other key gets past, whatever else it says. Sources: OpenRouter, "Errors and Debugging", moderation errors; OpenAI's
 * `unsupported_country_region_territory`; Google's "User location is not supported"; Azure's "Access denied due to Virtual
 * Network/Firewall rules" and "A Virtual Network is configured for this resource".
 */
export const requestWords =
  /\b(?:input|output|prompt|request|content|message)s? (?:was|were|is|has been) (?:flagged|blocked|filtered)|\bmoderation\b|content.?(?:policy|filter)|unsupported_country|\b(?:country|region|territory|location)\b[^.]{0,60}\bnot (?:supported|available)|virtual network|firewall/i;

/**
 * What a 403 says that is about the key, its account or its project. Sources: Anthropic's `permission_error`; Google's
 * `PERMISSION_DENIED`, with "reported as leaked", "unregistered callers", "has been suspended", "denied access"; OpenAI's
 * "insufficient permissions" and "does not have access to model"; OpenRouter's "Key limit exceeded"; Azure's
 * `AuthenticationTypeDisabled` and "does not have access to API/Operation"; Bedrock's "The security token included in the request is
 * invalid" and "The request signature we calculated does not match".
 */
export const keyWords =
  /\b(?:api|subscription|access|provider|invalid|your|this|x-api) ?-?key\b|\bkey (?:based|limit|is|was|has|does)\b|permission|credential|authenticat|unauthori[sz]ed|unregistered callers|(?:not|n't) have access|not allowed to access|denied access|been suspended|security token|request signature|\bscopes?\b/i;
export const keyNames =
  /^(?:authentication_error|permission_error|PERMISSION_DENIED|PermissionDenied|AuthenticationTypeDisabled|API_KEY_\w+|CONSUMER_\w+|insufficient_permissions|invalid_api_key|model_not_found)$/;

/** What is said of an account that is used up, under statuses that mean something else as a rule. */
export const usedUpWords = /insufficient_quota|credit balance is too low|credits are depleted/;
export const usedUpName = 'insufficient_quota';
/** Google says the same of a rate limit, and then for how long to wait. */
export const quotaExceeded = /exceeded your current quota/i;

/** A page of a proxy in front of the provider, which is for browsers. */
export const page = /^\s*<(?:!doctype html|html|head|body)\b/i;

/**
 * Quotations, with what is escaped in them; one that is not closed goes to the end, as where somebody cut it. An apostrophe within a
 * word begins and ends none.
 */
export const quotations =
  /"(?:\\(?:.|$)|[^"\\])*(?:"|$)|`[^`]*(?:`|$)|“[^”]*(?:”|$)|«[^»]*(?:»|$)|(?<!\w)'(?:\\(?:.|$)|[^'\\]|'(?=\w))*(?:'|$)/gs;
