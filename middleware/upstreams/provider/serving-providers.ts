import { CodexPlusError } from '../../kernel/errors.ts';
import type { ProviderConfig } from '../../platform/config/config.ts';
import type { Environment } from '../../platform/config/environment.ts';
import type { LitellmModels } from '../../platform/config/litellm-config.ts';
import type { KnownTarget } from '../translated/target-of-model.ts';
import { servedBy, whyUnserved, type ServingProvider } from './served-by.ts';

/** What decides who is called for a model while LiteLLM is down, and what it is given. */
export interface ServingParts {
  readonly providers: readonly ProviderConfig[];
  /** LiteLLM's configuration as it is now. */
  readonly litellmModels: () => Promise<LitellmModels>;
  readonly env: Environment;
  /** What LiteLLM told of a model while it was there. */
  readonly lastKnown: (model: string) => Promise<KnownTarget | undefined>;
}

/**
 * The providers that serve a model, one at least; else throws. LiteLLM's configuration is read where it decides alone: an edit
 * of it counts at once.
 */
export async function servingProviders(
  model: string,
  { providers, litellmModels, env }: ServingParts,
): Promise<readonly ServingProvider[]> {
  const litellm = await litellmModels();
  const serving = servedBy(model, { providers, litellm, env });
  if (serving.length === 0) throw new CodexPlusError('no_route', whyUnserved(model, { providers, litellm }));
  return serving;
}
