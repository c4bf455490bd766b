import type { LitellmModels } from '../platform/config/litellm-config.ts';
import { namingCalled } from '../protocol/translation/faults/broken-answer.ts';
import { calledWith } from '../upstreams/provider/called-with.ts';
import type { CalledWith, WhoWasCalled } from '../upstreams/route/told-refusals.ts';
import type { NameCalled } from '../upstreams/words/hide-secrets.ts';
import type { ComposeOptions } from './compose-options.ts';
import { litellmEnvironment, type LitellmConfigurations } from './litellm-configuration.ts';

interface WhoIsCalled {
  readonly whoWasCalled: WhoWasCalled;
  /** In the midst of an answer, where nobody can wait for what the configuration says now. */
  readonly nameCalled: NameCalled;
}

/** Who is called for a model, as the configuration says. */
export function createWhoWasCalled(
  options: ComposeOptions,
  configurations: LitellmConfigurations,
): WhoIsCalled {
  const { providers } = options.config;
  const ofLitellm = litellmEnvironment(options);
  const called = (
    model: string,
    { route, provider }: Parameters<WhoWasCalled>[1],
    litellm: LitellmModels,
  ): CalledWith => {
    const directly = route === 'provider' ? provider : undefined;
    const env = directly === undefined ? ofLitellm : options.env;
    return calledWith(model, { litellm, providers, env }, directly);
  };
  return {
    whoWasCalled: async (model, answer) => called(model, answer, (await configurations.now()).models),
    nameCalled: (message, model, answer) =>
      namingCalled(message, model, () => answer && called(model, answer, configurations.last().models).who),
  };
}
