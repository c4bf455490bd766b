import { CodexPlusError } from '../../kernel/errors.ts';
import type { Api, ApiRequest } from '../../kernel/exchange.ts';
import type { ProviderConfig } from '../../platform/config/config.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { ApiNotSpoken } from '../route/without-litellm.ts';
import { ownApisOf } from '../translated/own-apis.ts';
import { clientTranslationOf } from '../translated/send-translated.ts';
import type { ServingProvider } from './served-by.ts';

/** Who answers a call. */
interface ChosenProvider extends ServingProvider {
  /** The API that the call is translated into; `undefined`: the client's own is spoken. */
  readonly translatedApi: Api | undefined;
}

/**
 * Of those that serve the model the first with a key that speaks the client's API; where there is none, the first that has one
 * which the call can be translated into. Throws a CodexPlusError that says what to do.
 */
export function chooseProvider(
  serving: readonly ServingProvider[],
  request: Pick<ApiRequest, 'api' | 'path'>,
): ChosenProvider {
  const isTranslatable = clientTranslationOf(request) !== undefined;
  const speaking = serving.filter(({ provider }) => ownApisOf(provider).includes(request.api));
  const translated = isTranslatable ? serving.filter(({ provider }) => apiOf(provider) !== undefined) : [];
  const found = speaking.find(hasKey);
  if (found !== undefined) return { ...found, translatedApi: undefined };
  const other = translated.find(hasKey);
  if (other !== undefined) return { ...other, translatedApi: apiOf(other.provider) };
  const [keyless] = [...speaking, ...translated];
  if (keyless !== undefined) throw withoutKey(keyless);
  const names = serving.map(({ provider }) => provider.name).join(' and ');
  throw new ApiNotSpoken(
    `${names} cannot answer calls of the ${codecOf(request.api).name} API without LiteLLM`,
  );
}

/** The same for what belongs to no API of ours; one at least serves the model. */
export function firstWithKey(serving: readonly ServingProvider[]): ServingProvider {
  const found = serving.find(hasKey);
  const [keyless] = serving;
  if (found === undefined && keyless !== undefined) throw withoutKey(keyless);
  if (found === undefined)
    throw new CodexPlusError('no_route', 'no provider serves the model without LiteLLM');
  return found;
}

function withoutKey({ provider: { name, apiKeyEnv } }: ServingProvider): CodexPlusError {
  return new CodexPlusError('provider_key_missing', `set ${apiKeyEnv} to reach ${name} without LiteLLM`);
}

function hasKey({ provider }: ServingProvider): boolean {
  return provider.apiKey !== undefined;
}

/** The first of its APIs that calls can be translated into. */
function apiOf({ apis }: ProviderConfig): Api | undefined {
  return apis.find((api) => codecOf(api).providerTranslation !== undefined);
}
