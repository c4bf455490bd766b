import { CodexPlusError } from '../../kernel/errors.ts';
import type { CodexAsModel } from './codex-only.ts';
import { listedModels, noSuchModel } from './no-such-model.ts';
import { isCount, uncounted } from './uncounted-tokens.ts';

/** Those who serve a model without LiteLLM do not speak the API of a request, into which nothing else can be made of it either. */
export class ApiNotSpoken extends CodexPlusError {
  constructor(message: string) {
    super('no_route', message);
  }
}

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
 * come back, that there is no such model, or that the model cannot be asked for that. Every other error is told as it is. `path`: below
 * the root of the API.
 */
export async function toldWithoutLitellm(
  error: unknown,
  { model, path, why }: { readonly model: string; readonly path: string; readonly why: string },
  { othersThan, isLitellmOff, codexAsModel }: WithoutLitellm,
): Promise<unknown> {
  const isRefused =
    error instanceof CodexPlusError && (error.code === 'no_route' || error.code === 'provider_key_missing');
  if (isLitellmOff && error instanceof ApiNotSpoken) return neverServed(model, path, error.message);
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

function neverServed(model: string, path: string, why: string): CodexPlusError {
  return isCount(path) ? uncounted(model, why) : new CodexPlusError('not_served', why);
}
