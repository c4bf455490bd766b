import { CodexPlusError } from '../../../kernel/errors.ts';

/** The error for an answer that a client may read otherwise than we do, so that no decision about its calls would hold. */
export function unreadable(why: string): CodexPlusError {
  return new CodexPlusError('upstream_unreadable', `the upstream's answer cannot be checked: ${why}`);
}
