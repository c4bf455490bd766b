import type { JsonObject } from '../../../kernel/json-object.ts';
import { wildcardMatcher } from './wildcard.ts';

/** Parameters that rules of their own are about. */
const ownSyntax = new Set(['command', 'file_path', 'notebook_path', 'path', 'url', 'domain']);

/**
 * Whether a spec like `model:opus` or `run_in_background:true` is true of a call's input; only for rules that deny
 * or ask.
 */
export function matchesParameter(spec: string, input: JsonObject): boolean {
  const [, name = '', wanted = ''] = /^([a-z_]+):([^]+)$/.exec(spec) ?? [];
  const value = ownSyntax.has(name) ? undefined : input[name];
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false;
  return wildcardMatcher(wanted)(String(value));
}
