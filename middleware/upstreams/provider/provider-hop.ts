import type { ApiRequest } from '../../kernel/exchange.ts';
import type { RawHeaders } from '../../kernel/headers.ts';
import { apiNamedIn } from '../../protocol/api-path.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { requestHeadersForNextHop } from '../../protocol/hop-by-hop.ts';
import type { ModelTraits } from '../../protocol/translation/model-traits.ts';
import type { AskedOfProvider } from '../route/passthrough-route.ts';
import { chooseProvider, firstWithKey } from './choose-provider.ts';
import { directTraits } from './direct-traits.ts';
import { providerCredentials, renamedBody } from './provider-request.ts';
import { servingProviders, type ServingParts } from './serving-providers.ts';

interface ProviderHop {
  readonly url: URL;
  readonly headers: RawHeaders;
  readonly body: Buffer | undefined;
}

const clientCredentials = new Set([
  ...['authorization', 'x-api-key', 'x-litellm-api-key', 'chatgpt-account-id', 'cookie'],
]);

/**
 * Where such a request goes while LiteLLM is down: to a provider that serves the model, with its key, under its name there.
 * Rejects with a CodexPlusError where there is none; it never goes to another.
 */
export function createProviderHop(parts: ServingParts): (asked: AskedOfProvider) => Promise<ProviderHop> {
  return async ({ model, path, headers, json }) => {
    const serving = await servingProviders(model, parts);
    const api = apiNamedIn(path);
    const { provider, providerModel } =
      api === undefined ? firstWithKey(serving) : chooseProvider(serving, { api, path });
    const url = new URL(provider.baseUrl + path);
    if (url.searchParams.get('model') === model) url.searchParams.set('model', providerModel);
    const traits = directTraits(provider, providerModel, await parts.lastKnown(model));
    const taken = json && api ? asTaken({ api, path, model, json }, traits) : json;
    return {
      url,
      headers: [
        ...requestHeadersForNextHop(headers, clientCredentials),
        ...providerCredentials(provider, headers),
      ],
      body: taken && renamedBody(taken, model, providerModel),
    };
  };
}

interface Conversation extends Pick<ApiRequest, 'api' | 'path' | 'json'> {
  readonly model: string;
}

/** As its model takes it, without what is kept in its conversation for others. */
function asTaken({ api, path, model, json }: Conversation, traits: ModelTraits): Buffer {
  const codec = codecOf(api).clientTranslation;
  if (codec === undefined) return json;
  const head = { model, stream: false };
  const request = { api, path, headers: [], raw: json, contentEncoding: undefined, json, head };
  return codec.withoutSeals(codec.asModelTakes?.(request, traits) ?? request, traits).json;
}
