import { isTextWithinDepth } from '../kernel/bounds/is-text-within-depth.ts';
import { CodexPlusError } from '../kernel/errors.ts';

/** As many levels as a request may have: writing more again would fill the stack. */
const maxDepth = 1000;

/** Refuses an answer that is nested deeper than anything that a model has to say. */
export function requireReadable(json: string): void {
  if (isTextWithinDepth(json, maxDepth)) return;
  throw new CodexPlusError(
    'provider_failed',
    `the provider's answer is nested deeper than ${maxDepth} levels, which nothing can read`,
  );
}
