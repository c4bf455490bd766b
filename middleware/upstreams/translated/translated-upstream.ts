import type { ApiRequest } from '../../kernel/exchange.ts';
import type { Upstream } from '../../kernel/upstream.ts';
import { clientTranslationOf, sendTranslated, type TranslationOptions } from './send-translated.ts';
import type { TranslationTarget } from './target-of-model.ts';

interface TranslatedUpstreamOptions extends TranslationOptions {
  readonly litellm: Upstream;
  /** `undefined` for a model that nobody knows. */
  readonly targetOf: (request: ApiRequest) => Promise<TranslationTarget | undefined>;
  /** Throws for a model that LiteLLM does not have: some of its paths answer with the status 200 for any name. */
  readonly requireKnown: (request: ApiRequest) => Promise<void>;
}

/**
 * LiteLLM, called in the API of the model's own provider where the client speaks another: LiteLLM then passes on what
 * both of us say, and what it would lose in its own translation is not lost.
 */
export function createTranslatedUpstream(options: TranslatedUpstreamOptions): Upstream {
  const { litellm, targetOf, requireKnown } = options;
  return {
    kind: 'litellm',
    send: async (exchange) => {
      const { request } = exchange;
      await requireKnown(request);
      const target = clientTranslationOf(request) === undefined ? undefined : await targetOf(request);
      return sendTranslated(exchange, litellm, target, options);
    },
  };
}
