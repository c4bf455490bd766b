import { createContext, Script } from 'node:vm';
import { codeOf } from '../../kernel/errors.ts';
import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';

/** A pattern that somebody wrote into a file. */
interface WrittenPattern {
  readonly file: string;
  readonly pattern: string;
}

/**
 * The limit is one of wall time: on a machine with other work, or in a collection of garbage, the first try may run
 * into it.
 */
const limitsMs = [25, 100];
/** After so many slow patterns no other one of that file is tried. */
const maxSlow = 5;
/** For so long a pattern that was slow is not tried again. */
const rememberedMs = 60_000;
/** When each slow pattern of a file was found to be. */
const slowByFile = new BoundedMap<string, ReadonlyMap<string, number>>(1_000);

const place = createContext({ __proto__: null, test: undefined });
const script = new Script('test()');

/**
 * What the test of a pattern says; `undefined` where it takes too long, at once where it did a moment ago. Files of
 * projects are read before anybody allowed anything, and backtracking makes a pattern of ten letters as slow as its
 * author likes. V8 ends a regular expression at a time limit like this one; nothing else does in one thread.
 */
export function testInTime(
  { file, pattern }: WrittenPattern,
  test: () => boolean,
  now = performance.now(),
): boolean | undefined {
  const slow = slowIn(file, now);
  if (slow.has(pattern) || slow.size >= maxSlow) return undefined;
  for (const limitMs of limitsMs) {
    const said = testWithin(limitMs, test);
    if (said !== undefined) return said;
  }
  slowByFile.set(file, new Map([...slow, [pattern, now]]));
  return undefined;
}

const none: ReadonlyMap<string, number> = new Map();

function slowIn(file: string, now: number): ReadonlyMap<string, number> {
  const known = slowByFile.get(file);
  if (known === undefined) return none;
  return new Map([...known].filter(([, at]) => now - at < rememberedMs));
}

function testWithin(limitMs: number, test: () => boolean): boolean | undefined {
  place['test'] = test;
  try {
    return script.runInContext(place, { timeout: limitMs }) as boolean;
  } catch (error) {
    if (codeOf(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return undefined;
  } finally {
    place['test'] = undefined;
  }
}
