import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { Api } from '../../kernel/exchange.ts';
import type { ModelTraits } from '../../protocol/translation/model-traits.ts';
import { openaiReasoning } from '../../protocol/translation/openai-reasoning.ts';
import type { Recipient } from '../../protocol/translation/translation-codec.ts';
import { modelWithProvider, partsOf } from '../../platform/config/litellm-config.ts';
import { addressOf, leadsElsewhere } from '../../platform/config/deployments/litellm-addresses.ts';
import { providerOfBareName } from '../../platform/config/deployments/litellm-deployments.ts';
import { firstName } from '../../platform/config/deployments/second-names.ts';
import { isAtOpenai } from '../../platform/config/known-providers.ts';
import { effortsOf, saidToReason, tellsEfforts } from '../litellm/models/efforts.ts';
import type { ModelInfo } from '../litellm/models/model-info.ts';
import { tokenLimitAt } from '../litellm/models/token-limit-at.ts';
import { makerAt } from './maker-of.ts';
import { spokenResponses, type SpokenResponses } from './own-apis.ts';
import { isCloudOfClaude, systemTurnsTaken } from './system-turns.ts';
import { traitsOfAll } from './traits-of-all.ts';

/** Whose API a call is translated into, and what the model there takes. */
export interface TranslationTarget {
  readonly api: Api;
  /** Those in which a request goes there as its client wrote it. */
  readonly ownApis: readonly Api[];
  /** Whether its provider answers calls for a summary in them. */
  readonly sumsUp: boolean;
  readonly traits: ModelTraits;
  /** Whether all efforts are known that its models take, so that others can be told to them in place of what a client asks for. */
  readonly areEffortsKnown: boolean;
  /** Who may get a request that goes as it is, each but once. */
  readonly recipients: readonly Recipient[];
}

/** What LiteLLM tells of a name. */
export interface KnownTarget extends TranslationTarget {
  /** Of each of its deployments alone. */
  readonly deployments: readonly ModelTraits[];
}

/**
 * The target for the deployments of one name, whichever of them LiteLLM takes; `undefined` where there are none. Of unlike
 * ones the Chat Completions API is what LiteLLM brings to any. Their settings name the addresses that they are called at.
 */
export function targetOfModel(deployments: readonly ModelInfo[]): KnownTarget | undefined {
  if (deployments.length === 0) return undefined;
  const [own = 'chat', ...others] = new Set(deployments.map(apiOf));
  const api = others.length === 0 ? own : 'chat';
  const ofEach = deployments.map((deployment) => traitsOf(deployment, apiOf(deployment)));
  const unlike = new Map(
    ofEach.map((each) => [JSON.stringify([each.provider, each.providerModel, each.hasOtherAddress]), each]),
  );
  return {
    api,
    ownApis: calledApis[api].ownApis(deployments),
    sumsUp: deployments.every((deployment) => responsesOf(deployment) === 'as OpenAI'),
    traits: traitsOfAll(
      deployments.map((deployment) => traitsOf(deployment, api)),
      !calledApis[api].signsByModel || new Set(ofEach.map(({ providerModel }) => providerModel)).size === 1,
    ),
    areEffortsKnown: deployments.every(areEffortsKnown),
    recipients: [...unlike.values()],
    deployments: ofEach,
  };
}

/** An API as models are called in it. */
interface CalledApi<Name extends Api> {
  readonly api: Name;
  readonly isOf: (deployment: ModelInfo) => boolean;
  /** Those in which a request goes as its client wrote it to deployments that are called in this one. */
  readonly ownApis: (deployments: readonly ModelInfo[]) => readonly Api[];
  /** By which LiteLLM tells that a model takes schemas in it. */
  readonly schemaMember: string;
  /** Who signs what a provider of another name answers in it. */
  readonly signer: string | undefined;
  /** Whether another model is another provider's, which signs otherwise. */
  readonly signsByModel: boolean;
}

const ofAny = { schemaMember: 'supports_response_schema', signer: undefined, signsByModel: false };

/**
 * Every API has a row, or this does not compile. The first one that a deployment is called in is its own. LiteLLM calls
 * providers of the Responses API in that of Chat Completions as well, and clients get what they would get there. What of the legacy API
 * models do not have themselves, LiteLLM makes of it.
 */
const calledApis: { readonly [Name in Api]: CalledApi<Name> } = {
  messages: {
    api: 'messages',
    isOf: isCalledAsClaude,
    ownApis: () => ['messages', 'completions'],
    schemaMember: 'supports_native_structured_output',
    // Clouds give what Claude signs. Source: Anthropic API, "Extended thinking", signatures are compatible across platforms.
    signer: 'anthropic',
    signsByModel: true,
  },
  responses: {
    ...ofAny,
    api: 'responses',
    isOf: (deployment) =>
      responsesOf(deployment) !== 'not at all' && deployment.params['use_chat_completions_api'] !== true,
    ownApis: (deployments) =>
      deployments.every((deployment) => haveItWhole.has(responsesOf(deployment)))
        ? ['responses', 'chat', 'completions']
        : ['chat', 'completions'],
  },
  // No model is called in the legacy API that its client did not call itself.
  completions: { ...ofAny, api: 'completions', isOf: () => false, ownApis: () => ['completions'] },
  // What LiteLLM calls in no other one is called in this.
  chat: { ...ofAny, api: 'chat', isOf: () => false, ownApis: () => ['chat', 'completions'] },
};

/** Requests go there as their clients wrote them. */
const haveItWhole: ReadonlySet<SpokenResponses> = new Set(['as OpenAI', 'without summaries']);

function responsesOf({ params, info }: Pick<ModelInfo, 'params' | 'info'>): SpokenResponses {
  const model = modelWithProvider(params);
  const { providerModel } = partsOf(model);
  return spokenResponses({
    ...{ provider: providerOf(model, info), providerModel },
    ...{ address: addressOf(params), info },
  });
}

/** Whoever has it: gateways name it behind others. */
function isOpenaisReasoning(model: string): boolean {
  return model.split('/').some((name) => openaiReasoning.test(name));
}

/** OpenAI's newest models take efforts that no list has yet. */
function areEffortsKnown({ params, info }: ModelInfo): boolean {
  const model = modelWithProvider(params);
  const isOpenais = haveItWhole.has(responsesOf({ params, info })) || isOpenaisReasoning(model);
  return !isOpenais || tellsEfforts(info, model);
}

function apiOf(deployment: ModelInfo): Api {
  return Object.values(calledApis).find(({ isOf }) => isOf(deployment))?.api ?? 'chat';
}

function isCalledAsClaude({ params, info }: ModelInfo): boolean {
  const model = modelWithProvider(params);
  const provider = providerOf(model, info);
  return provider === 'anthropic' || (isCloudOfClaude(provider) && isClaude(model, info));
}

/** The name of an inference profile of Bedrock does not tell whose model it is; LiteLLM knows it by others. */
function isClaude(model: string, { base_model: base, key }: JsonObject): boolean {
  const names = model.startsWith('bedrock/arn:') ? [model, base, key] : [model];
  return names.some((name) => typeof name === 'string' && name.includes('claude'));
}

/** The name before the slash, else what LiteLLM knows the model by; of several names the first. */
export function providerOf(model: string, { litellm_provider: known }: JsonObject): string | undefined {
  const told = partsOf(model).provider ?? (typeof known === 'string' ? known : providerOfBareName(model));
  return told === undefined ? undefined : firstName(told);
}

/** At its provider's own address the provider, else whoever is there, but for APIs whose answers one alone signs. */
function makerOf(
  { params, info }: Pick<ModelInfo, 'params' | 'info'>,
  api: TranslationTarget['api'],
): string | undefined {
  const provider = providerOf(modelWithProvider(params), info);
  const { signer } = calledApis[api];
  if (signer !== undefined && provider !== signer) return signer;
  const address = addressOf(params);
  return address === undefined || provider === undefined ? provider : makerAt(address, provider);
}

function traitsOf({ params, info }: ModelInfo, api: TranslationTarget['api']): ModelTraits {
  const model = modelWithProvider(params);
  const says = (key: string): boolean => info[key] === true;
  const isKnown = typeof info['mode'] === 'string';
  return {
    provider: providerOf(model, info),
    maker: makerOf({ params, info }, api),
    providerModel: partsOf(model).providerModel,
    hasOtherAddress: leadsElsewhere(params) && !isAtOpenai(addressOf(params)),
    // Of a model that LiteLLM does not know, its provider will say what it does not take.
    takesImages: !isKnown || says('supports_vision'),
    reasons: saidToReason(info, model) === true,
    thinksAdaptively: says('supports_adaptive_thinking'),
    alwaysThinks: says('thinking_always_on'),
    efforts: effortsOf(info, model),
    takesSampling: info['supports_sampling_params'] !== false,
    takesSchema: says(calledApis[api].schemaMember),
    takesForcedTools: info['supports_forced_tool_use'] !== false,
    takesSystemTurns: systemTurnsTaken(info, model, providerOf(model, info)),
    cacheMarks: isJsonObject(params['cache_control']) ? 3 : 4,
    usualMaxTokens: tokenLimitAt(params, 'max_tokens'),
    maxOutputTokens: tokenLimitAt(info, 'max_output_tokens'),
    isDirect: false,
  };
}
