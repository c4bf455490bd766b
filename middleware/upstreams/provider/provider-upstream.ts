import { CodexPlusError } from '../../kernel/errors.ts';
import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import { headerValue, withoutHeaders, type RawHeaders } from '../../kernel/headers.ts';
import type { Upstream } from '../../kernel/upstream.ts';
import type { ProviderConfig } from '../../platform/config/config.ts';
import { answerHeadersForNextHop, requestHeadersForNextHop } from '../../protocol/hop-by-hop.ts';
import { replaceValue, topLevelMembers } from '../../protocol/json/json-members.ts';
import type { Transport } from '../transport/transport.ts';

interface ProviderUpstreamOptions {
  readonly providers: readonly ProviderConfig[];
  readonly transport: Transport;
}

const ourCredentials = new Set([
  'authorization',
  'x-api-key',
  'chatgpt-account-id',
  'cookie',
  'content-encoding',
]);
const namesAnotherModel = new Set(['openai-model']);

/** What the Messages API asks for where the client left it out. Source: Anthropic API, "Versions". */
const anthropicVersion = '2023-06-01';

/** The providers' own APIs, for the time in which LiteLLM is down: same API, same model names for the client. */
export function createProviderUpstream({ providers, transport }: ProviderUpstreamOptions): Upstream {
  return {
    kind: 'provider',
    send: async (exchange) => {
      const { request } = exchange;
      const provider = chooseProvider(providers, exchange);
      const answer = await transport.call({
        method: 'POST',
        url: new URL(provider.baseUrl + request.path),
        headers: [
          ...requestHeadersForNextHop(request.headers, ourCredentials),
          ...credentials(provider, request.headers),
        ],
        body: renamedBody(request, provider),
        signal: exchange.signal,
      });
      const headers = answerHeadersForNextHop(answer.headers);
      const model = headerValue(headers, 'openai-model');
      return {
        ...answer,
        headers: model === request.head.model ? headers : withoutHeaders(headers, namesAnotherModel),
        route: 'provider',
        provider: provider.name,
        costUsd: undefined,
        answeredAt: performance.now(),
      };
    },
  };
}

function chooseProvider(providers: readonly ProviderConfig[], { request }: Exchange): ProviderConfig {
  const model = request.head.model ?? '';
  const knowing = providers.filter(({ models }) => Object.hasOwn(models, model));
  const speaking = knowing.filter(({ apis }) => apis.includes(request.api));
  const chosen = speaking.find(({ apiKey }) => apiKey !== undefined);
  if (chosen === undefined)
    throw new CodexPlusError(
      speaking.length > 0 ? 'provider_key_missing' : 'no_route',
      whyNone(model, request.api, knowing, speaking),
    );
  return chosen;
}

function whyNone(
  model: string,
  api: string,
  knowing: readonly ProviderConfig[],
  speaking: readonly ProviderConfig[],
): string {
  const [first] = speaking;
  if (first !== undefined) return `set ${first.apiKeyEnv} to reach ${first.name} without LiteLLM`;
  if (knowing.length > 0)
    return `${knowing.map(({ name }) => name).join(' and ')} cannot answer the ${api} API without LiteLLM`;
  return `no provider in codex_plus.json serves the model "${model}" without LiteLLM`;
}

function credentials({ apiKey = '', auth }: ProviderConfig, headers: RawHeaders): string[] {
  if (auth === 'bearer') return ['authorization', `Bearer ${apiKey}`];
  const version =
    headerValue(headers, 'anthropic-version') === undefined ? ['anthropic-version', anthropicVersion] : [];
  return ['x-api-key', apiKey, ...version];
}

/** The decoded body with the provider's name for the model; every other byte as it came. */
function renamedBody(request: ApiRequest, provider: ProviderConfig): Buffer {
  const name = provider.models[request.head.model ?? ''];
  if (name === undefined || name === request.head.model) return request.json;
  const member = topLevelMembers(request.json).findLast(({ key }) => key === 'model');
  return member === undefined ? request.json : replaceValue(request.json, member, JSON.stringify(name));
}
