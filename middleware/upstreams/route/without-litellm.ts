import { CodexPlusError } from '../../kernel/errors.ts';
import type { CodexAsModel } from './codex-only.ts';
import { listedModels, noSuchModel } from './no-such-model.ts';

/** What is known of the names that nobody answers while LiteLLM is not there. */
export interface WithoutLitellm {
  /** The names that there are, where it is certain that nobody will ever answer this one; `undefined` where somebody may. */
  readonly othersThan: (model: string) => Promise<readonly string[] | undefined>;
  /** Whether no LiteLLM will ever answer. */
  readonly isLitellmOff: boolean;
  readonly codexAsModel: CodexAsModel;
}

/**
 * What the client is told where no provider takes a request for LiteLLM, which cannot have it for the reason `why`: that LiteLLM may
 * come back, or that there is no such model. Every other error is told as it is.
 */
export async function toldWithoutLitellm(
  error: unknown,
  { model, why }: { readonly model: string; readonly why: string },
  { othersThan, isLitellmOff, codexAsModel }: WithoutLitellm,
): Promise<unknown> {
  const isRefused =
    error instanceof CodexPlusError && (error.code === 'no_route' || error.code === 'provider_key_missing');
  // A missing key stays missing; only a LiteLLM that comes back can help.
  if (!isRefused || (isLitellmOff && error.code === 'provider_key_missing')) return error;
  const others = error.code === 'no_route' ? await othersThan(model) : undefined;
  if (others !== undefined)
    return new CodexPlusError(
      'model_not_found',
      isLitellmOff && !codexAsModel.isAlone
        ? error.message + listedModels(others)
        : noSuchModel(model, others),
    );
  return new CodexPlusError('no_route', `${why}; ${error.message}`, { cause: error, retryAfterSeconds: 5 });
}
