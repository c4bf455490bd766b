import { CodexPlusError } from '../../kernel/errors.ts';
import type { Api, ApiRequest } from '../../kernel/exchange.ts';
import type { ProviderConfig } from '../../platform/config/config.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { clientTranslationOf } from '../translated/send-translated.ts';

/** Who answers a call. */
interface ChosenProvider {
  readonly provider: ProviderConfig;
  /** The API that the call is translated into; `undefined`: the client's own is spoken. */
  readonly translatedApi: Api | undefined;
}

/**
 * The first provider with a key that serves the model in the client's API; where there is none, the first that serves it in
 * one that the call can be translated into. Throws a CodexPlusError that says what to do.
 */
export function chooseProvider(providers: readonly ProviderConfig[], request: ApiRequest): ChosenProvider {
  const { model = '' } = request.head;
  const knowing = providers.filter(({ models }) => Object.hasOwn(models, model));
  const isTranslatable = clientTranslationOf(request) !== undefined;
  const speaking = knowing.filter(({ apis }) => apis.includes(request.api));
  const translated = isTranslatable ? knowing.filter((provider) => apiOf(provider) !== undefined) : [];
  const found = speaking.find(hasKey);
  if (found !== undefined) return { provider: found, translatedApi: undefined };
  const other = translated.find(hasKey);
  if (other !== undefined) return { provider: other, translatedApi: apiOf(other) };
  const [keyless] = [...speaking, ...translated];
  if (keyless !== undefined)
    throw new CodexPlusError(
      'provider_key_missing',
      `set ${keyless.apiKeyEnv} to reach ${keyless.name} without LiteLLM`,
    );
  throw new CodexPlusError('no_route', whyNone(request, model, knowing));
}

function hasKey({ apiKey }: ProviderConfig): boolean {
  return apiKey !== undefined;
}

/** The first of its APIs that calls can be translated into. */
function apiOf({ apis }: ProviderConfig): Api | undefined {
  return apis.find((api) => codecOf(api).providerTranslation !== undefined);
}

function whyNone({ api }: ApiRequest, model: string, knowing: readonly ProviderConfig[]): string {
  if (knowing.length > 0) {
    const names = knowing.map(({ name }) => name).join(' and ');
    return `${names} cannot answer calls of the ${codecOf(api).name} API without LiteLLM`;
  }
  return `no provider in codex_plus.json serves the model "${model}" without LiteLLM: add the model to the provider's "models" there`;
}
