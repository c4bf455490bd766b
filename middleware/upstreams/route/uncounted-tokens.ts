import { CodexPlusError } from '../../kernel/errors.ts';
import { failureIn } from '../../protocol/apis/answer-failure.ts';
import { faultCode, withoutLitellm } from '../../protocol/translation/faults/litellm-fault.ts';
import type { ReadError } from './told-refusals.ts';

const countsTokens = /^\/(?:messages\/count_tokens|responses\/input_tokens)(?:\?|$)/;

/** Whether a request, by its path below the root, is for the number of its tokens alone. */
export function isCount(path: string): boolean {
  return countsTokens.test(path);
}

/** Of a provider that has no such path. */
const noSuchPath: ReadonlySet<number> = new Set([404, 405, 501]);
/** LiteLLM says the second where the first happened to it in another place. */
const lacksModule = /^No module named '([\w.]+)'$|^Internal server error$/;

/** The error of a count, where nobody can count for the model: one that no other request would mend. */
export function uncountedIn(
  { path }: { readonly path: string },
  { status, text, model }: ReadError,
): CodexPlusError | undefined {
  if (!isCount(path)) return undefined;
  const { message = '', code = '' } = failureIn(text) ?? {};
  const [found, missing] = lacksModule.exec(message) ?? [];
  if (status === 500 && found !== undefined) {
    const why =
      missing === undefined ? 'LiteLLM failed at it' : `LiteLLM lacks the module "${missing}" where it runs`;
    return uncounted(model, why);
  }
  if (!noSuchPath.has(status)) return undefined;
  const error = { names: [code], said: message, message: withoutLitellm(message) };
  const isOfModel = ['model_not_found', 'unknown_to_provider'].includes(faultCode(status, error) ?? '');
  return isOfModel ? undefined : uncounted(model, `its provider has no way to (${withoutLitellm(message)})`);
}

/** What is said of a count that is none. */
export function uncounted(model: string, why: string): CodexPlusError {
  return new CodexPlusError(
    'tokens_not_counted',
    `the tokens for "${model}" cannot be counted before a call: ${why}; the answer to a call tells them`,
  );
}
