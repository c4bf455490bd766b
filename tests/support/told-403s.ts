/** Errors in the forms of the providers. */
export const openai = (
  message: string,
  code: string | null = null,
  type = 'invalid_request_error',
): object => ({
  error: { message, type, param: null, code },
});
const anthropic = (type: string, message: string): object => ({ type: 'error', error: { type, message } });
export const google = (message: string, reason?: string): object => ({
  error: {
    ...{ code: 403, message, status: 'PERMISSION_DENIED' },
    ...(reason === undefined ? {} : { details: [{ reason, domain: 'googleapis.com' }] }),
  },
});
const azure = (code: string, message: string): object => ({ error: { code, message } });
export const openrouter = (message: string, metadata?: object): object => ({
  error: { message, code: 403, ...(metadata === undefined ? {} : { metadata }) },
});

/** What a 403 says of a key, as issues and manuals of the providers quote it. */
export const ofKeys: readonly (readonly [string, object])[] = [
  ['OpenAI', openai('Project `proj_1` does not have access to model `gpt-4o-mini`', 'model_not_found')],
  ['OpenAI', openai('You have insufficient permissions for this operation. Missing scopes: model.request')],
  [
    'Anthropic',
    anthropic('permission_error', 'Your API key does not have permission to use the specified resource.'),
  ],
  ['Anthropic', anthropic('permission_error', 'Permission denied')],
  ['Anthropic', anthropic('permission_error', 'This organization has been disabled.')],
  ['Google', google('Your API key was reported as leaked. Please use another API key.')],
  ['Google', google("Permission denied: Consumer 'api_key:AIza' has been suspended.", 'CONSUMER_SUSPENDED')],
  [
    'Google',
    google('Requests to this API method StreamGenerateContent are blocked.', 'API_KEY_SERVICE_BLOCKED'),
  ],
  ['Google', google('The provided API key has an IP address restriction.', 'API_KEY_IP_ADDRESS_BLOCKED')],
  ['Google', google('Requests from referer <empty> are blocked.', 'API_KEY_HTTP_REFERRER_BLOCKED')],
  ['Google', google("Method doesn't allow unregistered callers. Please use API Key.")],
  ['Google', google('Your project has been denied access. Please contact support.')],
  ['Azure', azure('AuthenticationTypeDisabled', 'Key based authentication is disabled for this resource.')],
  ['Azure', azure('PermissionDenied', 'Principal does not have access to API/Operation.')],
  [
    'OpenRouter',
    openrouter('Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys'),
  ],
];

const flagged = { reasons: ['violence'], flagged_input: 'my API key', provider_name: 'OpenAI' };
/** What it says of all else. */
export const ofRequests: readonly (readonly [string, object])[] = [
  [
    'OpenRouter',
    openrouter('openai/gpt-5 requires moderation on OpenAI. Your input was flagged for "violence"', flagged),
  ],
  ['OpenRouter', openrouter('Your input was flagged by moderation', flagged)],
  [
    'OpenAI',
    openai(
      'Country, region, or territory not supported',
      'unsupported_country_region_territory',
      'request_forbidden',
    ),
  ],
  ['Anthropic', { error: { type: 'forbidden', message: 'Request not allowed' } }],
  ['Azure', azure('403', 'Access denied due to Virtual Network/Firewall rules.')],
  [
    'Azure',
    azure(
      '403',
      'A Virtual Network is configured for this resource. Please use the correct endpoint for making requests.',
    ),
  ],
  ['somebody', openai('Forbidden')],
];
