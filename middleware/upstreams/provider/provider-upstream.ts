import type { Exchange } from '../../kernel/exchange.ts';
import { headerValue, withoutHeaders, type RawHeaders } from '../../kernel/headers.ts';
import type { Upstream, UpstreamAnswer } from '../../kernel/upstream.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { answerHeadersForNextHop, requestHeadersForNextHop } from '../../protocol/hop-by-hop.ts';
import { bytesWithoutHalfLetters } from '../../protocol/json/without-half-letters.ts';
import { sendReadable } from '../route/readable-history.ts';
import { ownApisOf, sumsUpItself } from '../translated/own-apis.ts';
import { asksInVain, sendTranslated, type TranslationOptions } from '../translated/send-translated.ts';
import type { Transport } from '../transport/transport.ts';
import { chooseProvider } from './choose-provider.ts';
import { directTraits } from './direct-traits.ts';
import { providerCredentials, renamedBody } from './provider-request.ts';
import type { ServingProvider } from './served-by.ts';
import { servingProviders, type ServingParts } from './serving-providers.ts';

interface ProviderUpstreamOptions extends TranslationOptions, ServingParts {
  readonly transport: Transport;
}

const ourCredentials = new Set([
  'authorization',
  'x-api-key',
  'chatgpt-account-id',
  'cookie',
  'content-encoding',
]);
/** What a client says to the provider of its own API, such as where it works, is not said to another one. */
const saidToAnyProvider = new Set(['accept', 'accept-encoding', 'content-type', 'user-agent']);
const namesAnotherModel = new Set(['openai-model']);

/**
 * The providers' own APIs, for the time in which LiteLLM is down: same model names for the client, and the client's API
 * also where the provider has another.
 */
export function createProviderUpstream(options: ProviderUpstreamOptions): Upstream {
  return {
    kind: 'provider',
    send: async (exchange) => {
      const { request } = exchange;
      const { model = '' } = request.head;
      const serving = await servingProviders(model, options);
      const { provider, providerModel, translatedApi } = chooseProvider(serving, request);
      const isTranslated = translatedApi !== undefined;
      const traits = directTraits(provider, providerModel, await options.lastKnown(model));
      const upstream: Upstream = {
        kind: 'provider',
        send: (sent) => callProvider({ provider, providerModel }, sent, options.transport, isTranslated),
      };
      const sumsUp = sumsUpItself(provider);
      if (!isTranslated && !asksInVain(request, { sumsUp })) {
        const taken = codecOf(request.api).clientTranslation?.asModelTakes?.(request, traits) ?? request;
        return sendReadable(upstream, { ...exchange, request: taken }, { ...options, recipients: [traits] });
      }
      const api = translatedApi ?? request.api;
      const own = { ownApis: ownApisOf(provider), sumsUp, areEffortsKnown: false };
      const target = { api, ...own, traits, recipients: [traits] };
      return sendTranslated(exchange, upstream, target, options);
    },
  };
}

async function callProvider(
  { provider, providerModel }: ServingProvider,
  { request, signal }: Exchange,
  transport: Transport,
  isTranslated: boolean,
): Promise<UpstreamAnswer> {
  const headers = requestHeadersForNextHop(request.headers, ourCredentials);
  const answer = await transport.call({
    method: 'POST',
    url: new URL(provider.baseUrl + request.path),
    headers: [
      ...(isTranslated ? saidToAny(headers) : headers),
      ...providerCredentials(provider, request.headers),
    ],
    body: bytesWithoutHalfLetters(renamedBody(request.json, request.head.model, providerModel)),
    signal,
  });
  const answered = answerHeadersForNextHop(answer.headers);
  const model = headerValue(answered, 'openai-model');
  return {
    ...answer,
    headers: model === request.head.model ? answered : withoutHeaders(answered, namesAnotherModel),
    route: 'provider',
    provider: provider.name,
    costUsd: undefined,
    answeredAt: performance.now(),
  };
}

function saidToAny(headers: RawHeaders): string[] {
  return headers.filter((_, index) =>
    saidToAnyProvider.has((headers[index - (index % 2)] ?? '').toLowerCase()),
  );
}
