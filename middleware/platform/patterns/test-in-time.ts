import { createContext, Script } from 'node:vm';
import { codeOf } from '../../kernel/errors.ts';
import { BoundedMap } from '../config/scopes/bounded-map.ts';

/** A pattern that somebody wrote into a file. */
interface WrittenPattern {
  readonly file: string;
  readonly pattern: string;
}

const limitMs = 25;
/** After so many slow patterns no other one of that file is tried. */
const maxSlow = 5;
const slowByFile = new BoundedMap<string, Set<string>>(1_000);

const place = createContext({ __proto__: null, test: undefined });
const script = new Script('test()');

/**
 * What the test of a pattern says; `undefined` where it takes too long, at once where it did before. Files of projects are
 * read before anybody allowed anything, and backtracking makes a pattern of ten letters as slow as its author likes. V8 ends
 * a regular expression at a time limit like this one; nothing else does in one thread.
 */
export function testInTime({ file, pattern }: WrittenPattern, test: () => boolean): boolean | undefined {
  const slow = slowByFile.get(file);
  if (slow !== undefined && (slow.has(pattern) || slow.size >= maxSlow)) return undefined;
  place['test'] = test;
  try {
    return script.runInContext(place, { timeout: limitMs }) as boolean;
  } catch (error) {
    if (codeOf(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    slowByFile.set(file, new Set([...(slow ?? []), pattern]));
    return undefined;
  } finally {
    place['test'] = undefined;
  }
}
