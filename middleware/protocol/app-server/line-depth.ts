import { isWithinDepth } from '../../kernel/bounds/is-within-depth.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json-object.ts';

/**
 * How deep a line for `codex app-server` may be nested (measured with Codex 0.171): its parser reads no deeper one, and
 * Codex passes such a line over without an answer.
 */
const maxLineDepth = 127;

/** What stands around the parameters of a call: the line itself. */
const aroundParams = 1;

/** Whether Codex reads a call with these parameters. */
export function isReadable(params: JsonObject): boolean {
  return isWithinDepth(params, maxLineDepth - aroundParams);
}

/**
 * Throws a CodexPlusError for a part of a call that would make its line too deep. `around`: the levels of the parameters that
 * stand around the part. `what`: the part as its client knows it, as the beginning of a sentence.
 */
export function refuseDeep(part: unknown, around: number, what: string): void {
  const depth = maxLineDepth - aroundParams - around;
  if (isWithinDepth(part, depth)) return;
  throw new CodexPlusError(
    'invalid_body',
    `${what} is nested more than ${depth} levels deep, and Codex reads nothing deeper; make it flatter`,
  );
}
