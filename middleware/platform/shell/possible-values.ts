import type { Possible, ShellWord } from './shell-command.ts';

/** What some words may be, each of which is one way that a value may come out. */
export function possibleValues(words: readonly ShellWord[]): Possible {
  const known = words.filter(({ value }) => value !== undefined);
  const patterns = known.map(({ pattern }) => pattern).filter((pattern) => pattern !== undefined);
  return {
    values: known.map(({ value }) => value).filter((value) => value !== undefined),
    open: known.length < words.length,
    ...(patterns.length === 0 ? {} : { patterns }),
  };
}
