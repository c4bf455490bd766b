/** Id of the provider entry; Codex refuses its own names. */
export const providerId = 'codex-plus';

export interface ProviderOptions {
  /** Where the middleware answers, without `/v1`. */
  readonly url: string;
  /** Codex is logged in with ChatGPT: it sends that login, and the models are the backend's. */
  readonly withLogin: boolean;
  /** Name of the variable that holds a key of the middleware, where one is asked. */
  readonly keyVariable: string | undefined;
}

/** The members of Codex's provider entry, in the order in which they are written. Measured with 0.171.0. */
export function providerSettings({ url, withLogin, keyVariable }: ProviderOptions): Record<string, unknown> {
  const settings: Record<string, unknown> = { name: providerId, base_url: `${url}/v1` };
  if (withLogin) settings['requires_openai_auth'] = true;
  else settings['model_catalog_url'] = `${url}/v1/models`;
  if (keyVariable !== undefined) settings['env_http_headers'] = { 'x-codex-plus-key': keyVariable };
  // Codex fetches the catalogue only when it has a bearer to send; this one opens nothing.
  if (!withLogin) settings['experimental_bearer_token'] = 'no-key-needed';
  // Codex tries a request that failed 4 times again, and all of that 5 times: 30 calls of a provider that is
  // broken. One keeps a single fault from the user's eyes, and waits longer for a LiteLLM that starts (11 times 5
  // seconds) than a start takes.
  if (!withLogin) settings['request_max_retries'] = 1;
  return settings;
}
