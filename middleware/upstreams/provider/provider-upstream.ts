import { CodexPlusError } from '../../kernel/errors.ts';
import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import { headerValue, withoutHeaders, type RawHeaders } from '../../kernel/headers.ts';
import type { Upstream, UpstreamAnswer } from '../../kernel/upstream.ts';
import type { ProviderConfig } from '../../platform/config/config.ts';
import type { Environment } from '../../platform/config/environment.ts';
import type { LitellmModels } from '../../platform/config/litellm-config.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { answerHeadersForNextHop, requestHeadersForNextHop } from '../../protocol/hop-by-hop.ts';
import { replaceValue, topLevelMembers } from '../../protocol/json/json-members.ts';
import { sendReadable } from '../route/readable-history.ts';
import { sendTranslated, type TranslationOptions } from '../translated/send-translated.ts';
import type { KnownTarget } from '../translated/target-of-model.ts';
import type { Transport } from '../transport/transport.ts';
import { chooseProvider } from './choose-provider.ts';
import { directTraits } from './direct-traits.ts';
import { servedBy, whyUnserved, type ServingProvider } from './served-by.ts';

interface ProviderUpstreamOptions extends TranslationOptions {
  readonly providers: readonly ProviderConfig[];
  /** LiteLLM's configuration as it is now. */
  readonly litellmModels: () => Promise<LitellmModels>;
  readonly env: Environment;
  readonly transport: Transport;
  /** What LiteLLM told of a model while it was there. */
  readonly lastKnown: (model: string) => Promise<KnownTarget | undefined>;
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

/** What the Messages API asks for where the client left it out. Source: Anthropic API, "Versions". */
const anthropicVersion = '2023-06-01';

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
      if (!isTranslated) {
        const taken = codecOf(request.api).clientTranslation?.asModelTakes?.(request, traits) ?? request;
        return sendReadable(upstream, { ...exchange, request: taken }, [traits]);
      }
      const target = { api: translatedApi, ownApis: provider.apis, traits, recipients: [traits] };
      return sendTranslated(exchange, upstream, target, options);
    },
  };
}

/** LiteLLM's configuration is read where it decides alone: an edit of it counts at once. */
async function servingProviders(
  model: string,
  { providers, litellmModels, env }: ProviderUpstreamOptions,
): Promise<readonly ServingProvider[]> {
  const litellm = await litellmModels();
  const serving = servedBy(model, { providers, litellm, env });
  if (serving.length === 0) throw new CodexPlusError('no_route', whyUnserved(model, { providers, litellm }));
  return serving;
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
    headers: [...(isTranslated ? saidToAny(headers) : headers), ...credentials(provider, request.headers)],
    body: renamedBody(request, providerModel),
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

function credentials({ apiKey = '', auth }: ProviderConfig, headers: RawHeaders): string[] {
  if (auth === 'bearer') return ['authorization', `Bearer ${apiKey}`];
  const version =
    headerValue(headers, 'anthropic-version') === undefined ? ['anthropic-version', anthropicVersion] : [];
  return ['x-api-key', apiKey, ...version];
}

/** The decoded body with the provider's name for the model; every other byte as it came. */
function renamedBody(request: ApiRequest, name: string): Buffer {
  if (name === request.head.model) return request.json;
  const member = topLevelMembers(request.json).findLast(({ key }) => key === 'model');
  return member === undefined ? request.json : replaceValue(request.json, member, JSON.stringify(name));
}
