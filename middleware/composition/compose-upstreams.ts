import { usageFigures } from '../features/observe/usage-figures.ts';
import { CodexPlusError } from '../kernel/errors.ts';
import type { Exchange } from '../kernel/exchange.ts';
import type { Upstream, UpstreamAnswer } from '../kernel/upstream.ts';
import type { ModelParts } from '../pipeline/hooks/model/ask-model.ts';
import type { Config } from '../platform/config/config.ts';
import { textsOfStars } from '../platform/config/deployments/star-names.ts';
import type { LitellmModels } from '../platform/config/litellm-config.ts';
import { servedNames } from '../protocol/app-server/served-models.ts';
import { createKnownSecrets } from '../platform/secrets/known-secrets.ts';
import { createReachedTargets } from '../platform/secrets/reached-targets.ts';
import { createWordsCleaner } from '../platform/secrets/upstream-words.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';
import { createChatgptTransport } from '../upstreams/chatgpt/chatgpt-transport.ts';
import { createChatgptUpstream } from '../upstreams/chatgpt/chatgpt-upstream.ts';
import { ToldModels } from '../upstreams/litellm/models/told-models.ts';
import { createLitellmUpstream } from '../upstreams/litellm/litellm-upstream.ts';
import { createProviderHop } from '../upstreams/provider/provider-hop.ts';
import { createProviderUpstream } from '../upstreams/provider/provider-upstream.ts';
import {
  isConfigured,
  namesWithKeys,
  namesWithoutLitellm,
} from '../upstreams/provider/names-without-litellm.ts';
import { Breaker } from '../kernel/breaker.ts';
import { modelAnswersOnly } from '../upstreams/route/model-answers.ts';
import type { createPassthroughRoute } from '../upstreams/route/passthrough-route.ts';
import { readableFor } from '../upstreams/route/readable-history.ts';
import { recordCalls } from '../upstreams/route/record-calls.ts';
import { noSuchModel } from '../upstreams/route/no-such-model.ts';
import { createRoute } from '../upstreams/route/route.ts';
import { tellRefusals } from '../upstreams/route/told-refusals.ts';
import { tellErrors } from '../upstreams/route/told-errors.ts';
import { createPassedTeller } from '../upstreams/route/told-passed.ts';
import { keepTurnState } from '../upstreams/route/turn-state.ts';
import { LeftOutTools } from '../upstreams/translated/left-out-tools.ts';
import { RefusedParts } from '../upstreams/route/refused-parts.ts';
import { ModelTargets } from '../upstreams/translated/model-targets.ts';
import { createTranslatedUpstream } from '../upstreams/translated/translated-upstream.ts';
import { createProxyResolver } from '../upstreams/transport/outbound-proxy.ts';
import type { CleanWords } from '../upstreams/words/clean-words.ts';
import { hideSecrets } from '../upstreams/words/hide-secrets.ts';
import type { LitellmState } from '../upstreams/litellm/tier.ts';
import type { ComposeOptions } from './compose-options.ts';
import { closeAll } from './close-all.ts';
import { litellmConfigurationOf, type ConfigurationOf } from './litellm-configuration.ts';
import { createUpstreamTransport } from './upstream-transport.ts';
import { createWhoWasCalled } from './who-was-called.ts';

/** Where model calls go. */
export interface Upstreams {
  /** Every call of a model: what is put around it here sees the rounds of an answer and what hooks ask as well. */
  readonly send: (exchange: Exchange) => Promise<UpstreamAnswer>;
  /** Asks a model what is in no answer of a client, past everything that looks at requests and answers. */
  readonly models: ModelParts;
  /** Of the LiteLLM tier. */
  readonly breaker: Breaker;
  /** What decides where a request goes that is no model call. */
  readonly passing: Passing;
  /** The names that a call would be answered for now, by whomever. */
  readonly servedNow: () => Promise<readonly string[]>;
  /** Why LiteLLM takes no calls, for clients. */
  readonly notReadyReason: () => string;
  /** Takes out of an upstream's words what they may not say to a client. */
  readonly cleanWords: CleanWords;
  readonly close: () => Promise<void>;
}

type Passing = Pick<
  Parameters<typeof createPassthroughRoute>[0],
  | 'codexAsModel'
  | 'isLitellmOff'
  | 'missingKey'
  | 'othersThan'
  | 'providerHop'
  | 'receiversOf'
  | 'requireKnown'
  | 'tellPassed'
>;

/** The upstreams behind their route, LiteLLM behind its breaker. `codex` is made later, of what is made here. */
export function composeUpstreams(
  options: ComposeOptions,
  metrics: Metrics,
  codex: () => Upstream | undefined,
): Upstreams {
  const { config, env, litellm } = options;
  const proxyFor = createProxyResolver(env);
  const transport = createUpstreamTransport({ ...config.timeouts, ...config.upstreams, proxyFor });
  // Its own, also where it is of the same kind: only the ChatGPT backend is called as somebody else.
  const chatgptTransport = config.chatgpt.enabled ? createChatgptTransport(options) : undefined;
  const breaker = createLitellmBreaker(options, metrics);
  const notReadyReason = (): string => describe(options);
  const target = (): ReturnType<typeof litellm.target> => litellm.target();
  const configurations = litellmConfigurationOf(options);
  const targets = createTargets(options, configurations.now);
  const translation = {
    limits: config.limits,
    nowSeconds: () => Math.floor(Date.now() / 1000),
    refusedParts: new RefusedParts(options.now),
    leftOutTools: new LeftOutTools(),
  };
  const litellmModels = async (): Promise<LitellmModels> => (await configurations.now()).models;
  const { known, ...names } = createNameCheck(options, targets, litellmModels);
  const lastKnown = (model: string): ReturnType<typeof targets.lastKnown> => targets.lastKnown(model);
  const serving = { providers: config.providers, env, litellmModels, lastKnown };
  const byNames = decidedByNames(options, litellmModels);
  const { whoWasCalled, nameCalled } = createWhoWasCalled(options, configurations);
  const telling = { whoWasCalled, knownModels: known };
  const tellPassed = createPassedTeller(telling);
  const passing = { ...byNames, ...names, tellPassed, providerHop: createProviderHop(serving) };
  const route = createRoute({
    ...passing,
    litellm: createTranslatedUpstream({
      ...translation,
      litellm: createLitellmUpstream({ target, notReadyReason, transport }),
      targetOf: ({ head }) => targets.of(head.model ?? ''),
      requireKnown: ({ head }) => names.requireKnown(head.model ?? ''),
    }),
    ...{ breaker, codex },
    provider: createProviderUpstream({ ...translation, ...serving, transport }),
    chatgpt: createChatgpt(options, chatgptTransport, translation.refusedParts),
  });
  const close = (): Promise<void> => closeAll([() => transport.close(), () => chatgptTransport?.close()]);
  const cleanWords = createWordsCleaner({
    known: createKnownSecrets(options),
    litellmUrl: config.litellm.url,
    reached: createReachedTargets(litellm),
  });
  const send = hideSecrets(
    tellErrors(tellRefusals(recordCalls(modelAnswersOnly(keepTurnState(route))), telling), telling),
    { clean: cleanWords, maxEventBytes: config.limits.maxEventBytes, nameCalled },
  );
  const onUsed: ModelParts['onUsed'] = (model, provider, used) => {
    metrics.countUsage(usageFigures(model, provider, used));
  };
  const ready = { servedNow: createServedNow(options, litellmModels), notReadyReason };
  return { send, models: { send, onUsed }, breaker, passing, ...ready, cleanWords, close };
}

/** `undefined` where the ChatGPT route is switched off, and nothing calls it. */
function createChatgpt(
  { config }: ComposeOptions,
  transport: ReturnType<typeof createChatgptTransport> | undefined,
  refusedParts: RefusedParts,
): Upstream | undefined {
  if (transport === undefined) return undefined;
  return readableFor(createChatgptUpstream({ config: config.chatgpt, transport }), refusedParts);
}

function decidedByNames(
  options: ComposeOptions,
  modelsOf: ModelsOf,
): Pick<Passing, 'codexAsModel' | 'isLitellmOff' | 'missingKey' | 'othersThan'> {
  const { config, litellm } = options;
  const isLitellmOff = config.litellm.mode === 'off';
  const isEnabled = config.codex.enabled;
  return {
    missingKey: (model) => litellm.missingKey(model),
    isLitellmOff,
    codexAsModel: { isEnabled, isAlone: isEnabled && isLitellmOff && config.providers.length === 0 },
    othersThan: othersThan(options, modelsOf),
  };
}

function createTargets(
  { config, litellm, now, log }: ComposeOptions,
  configuration: ConfigurationOf,
): ModelTargets {
  return new ModelTargets({
    ...{ now, log },
    target: () => litellm.target(),
    configuration,
    toldModels: new ToldModels({ stateDir: config.stateDir, log }),
  });
}

type ModelsOf = () => Promise<LitellmModels>;

function createServedNow(
  { config, env, litellm }: ComposeOptions,
  modelsOf: ModelsOf,
): Upstreams['servedNow'] {
  const { providers } = config;
  return async () => {
    const names =
      litellm.target() === undefined
        ? namesWithKeys({ providers, env, litellm: await modelsOf() })
        : litellm.status().models;
    return [...names, ...namesOfCodex(config)];
  };
}

/** The names that there are where nobody will ever answer another one. The configuration of a LiteLLM that others run is not known. */
function othersThan(
  { config, env }: ComposeOptions,
  modelsOf: ModelsOf,
): (model: string) => Promise<readonly string[] | undefined> {
  const { providers, litellm } = config;
  const ofCodex = namesOfCodex(config);
  return async (model) => {
    const parts = { providers, litellm: await modelsOf(), env };
    if (litellm.mode === 'off') return [...namesWithoutLitellm(parts), ...ofCodex];
    return litellm.mode === 'managed' && !isConfigured(model, parts)
      ? [...parts.litellm.names, ...ofCodex]
      : undefined;
  };
}

function namesOfCodex({ codex }: Config): readonly string[] {
  return codex.enabled ? servedNames(codex.listedAs) : [];
}

interface NameCheck extends Pick<Passing, 'receiversOf' | 'requireKnown'> {
  readonly known: () => Promise<readonly string[]>;
}

function createNameCheck(
  { config, litellm }: ComposeOptions,
  targets: ModelTargets,
  litellmModels: () => Promise<LitellmModels>,
): NameCheck {
  const known = async (): Promise<readonly string[]> => [
    ...callableNames((await litellmModels()).names, litellm.status().models),
    ...namesOfCodex(config),
  ];
  const requireKnown = async (model: string): Promise<void> => {
    // Of a LiteLLM that others run, not all names may be known here.
    if (config.litellm.mode !== 'managed' || !(await targets.isUnknown(model))) return;
    throw new CodexPlusError('model_not_found', noSuchModel(model, await known()));
  };
  return { known, requireKnown, receiversOf: (model) => targets.of(model) };
}

/** What LiteLLM lists, with names with stars in the place of those that it lists for them. */
function callableNames(configured: readonly string[], listed: readonly string[]): readonly string[] {
  const stars = configured.filter((name) => name.includes('*'));
  const others = listed.filter(
    (name) => configured.includes(name) || !stars.some((star) => textsOfStars(star, name) !== undefined),
  );
  return [...new Set([...others, ...stars])];
}

/** The breaker of the LiteLLM tier; the tier's own word that it is ready closes it at once. */
function createLitellmBreaker({ config, litellm, log, now }: ComposeOptions, metrics: Metrics): Breaker {
  const breaker = new Breaker({
    ...config.breaker,
    now,
    onChange: (state) => {
      metrics.setBreaker('litellm', state);
      log.warn('the circuit breaker of LiteLLM changed', { state });
    },
  });
  metrics.setBreaker('litellm', breaker.state);
  metrics.setLitellmUp(false);
  litellm.onChange(({ state }) => {
    metrics.setLitellmUp(state === 'ready');
    if (state === 'ready') breaker.succeeded();
  });
  return breaker;
}

function describe({ litellm }: ComposeOptions): string {
  const { state, reason } = litellm.status();
  return reason === undefined ? stateInWords[state] : `${stateInWords[state]}: ${reason}`;
}

const stateInWords: Readonly<Record<LitellmState, string>> = {
  installing: 'LiteLLM is being installed',
  starting: 'LiteLLM is starting',
  ready: 'LiteLLM is ready',
  reloading: 'LiteLLM is taking an edit over',
  'backing-off': 'LiteLLM is not there and is tried again',
  stopped: 'LiteLLM is stopped',
  unavailable: 'LiteLLM is not there',
};
