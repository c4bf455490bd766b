import { collectBytes } from '../../kernel/collect-bytes.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import { headerValue } from '../../kernel/headers.ts';
import { failureIn } from '../../protocol/apis/answer-failure.ts';
import { bytesStream } from '../transport/bytes-stream.ts';
import type { TransportAnswer } from '../transport/transport.ts';

/** LiteLLM's errors are short; a longer one is none of these, and is passed on as it comes. */
const maxErrorBytes = 64 * 1024;

/**
 * What LiteLLM 1.109 and its client libraries say before they call a provider, measured. Other providers are called
 * without a key.
 */
const saysSo =
  /^litellm\.\w+: (?:\w+: \w+ - )?(Missing credentials\. Please pass an `api_key`|Missing Anthropic API Key - |Missing Gemini API key\. )/;

/**
 * The answer as it came, unless LiteLLM says in it that it has no key of the provider. It says so with a status
 * that clients repeat; throws `provider_key_missing` instead, which none does. Where the key is missing, and not
 * where LiteLLM got it from, is all that can be known here: LiteLLM may run elsewhere.
 */
export async function tellMissingKey(
  answer: TransportAnswer,
  model: string | undefined,
): Promise<TransportAnswer> {
  const { status, headers, body } = answer;
  if (status !== 500 && status !== 401) return answer;
  // Without a length there is no telling whether all of it may be held.
  if (!(Number(headerValue(headers, 'content-length')) <= maxErrorBytes)) return answer;
  const bytes = await collectBytes(body, maxErrorBytes);
  const missing = missingKeyIn(bytes.toString(), model);
  if (missing !== undefined) throw missing;
  return { ...answer, body: bytesStream(bytes) };
}

/** What an error of LiteLLM means where it says that it has no key of the provider. */
export function missingKeyIn(text: string, model: string | undefined): CodexPlusError | undefined {
  if (!saysSo.test(failureIn(text)?.message ?? '')) return undefined;
  return new CodexPlusError(
    'provider_key_missing',
    `the model "${model ?? ''}" cannot be called: LiteLLM has no key of its provider; set the variable that its entry in config/litellm_config.yaml names where LiteLLM runs, or give the entry an api_key where it has none, and start LiteLLM again`,
  );
}
