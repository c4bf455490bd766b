import { isJsonObject } from '../../../kernel/json-object.ts';

/** More different names below a folder are all taken for ones that move with it: each one more doubles the texts to compare. */
const maxNames = 3;

/** Of names in paths. */
const inName = String.raw`\p{L}\p{M}\p{N}_~%@+\-`;
/** Behind these, a path goes on: it is one below another folder, or of an address. */
const before = String.raw`(?<=^|file:\/\/|[^${inName}.$*\/\\)\]}])`;
const after = String.raw`(?![${inName}]|\.[${inName}])`;
const below = String.raw`(?<below>[\/\\](?:[${inName}]|\.[${inName}])*)?`;

/** Finds where a text names a folder, or something right below it. */
export function namingOf(folder: string): RegExp | undefined {
  // A root folder would be everywhere.
  if (folder.length < 2) return undefined;
  const written = folder.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return new RegExp(`${before}${written}${after}${below}`, 'gu');
}

/** Whether a text in a value names a folder. */
export function isNamedIn(value: unknown, naming: RegExp): boolean {
  return namesBelow(value, naming).size > 0;
}

/**
 * Whether a value is one that was told where another folder was the one in use. What it names below the folder may belong to it, or be in the
 * same place everywhere, as notes in a home folder are that somebody works in: each name is taken for either.
 */
export function isToldElsewhere(
  value: unknown,
  { naming, other }: { readonly naming: RegExp; readonly other: string },
  isIt: (told: unknown) => boolean,
): boolean {
  return choicesOf([...namesBelow(value, naming)]).some((moving) =>
    isIt(
      withTexts(value, (text) =>
        text.replace(naming, (found: string, name: string | undefined = '') =>
          moving.includes(name) ? other + name : found,
        ),
      ),
    ),
  );
}

/** All of some names first, and then some of them, where there are few. */
function choicesOf(names: readonly string[]): readonly (readonly string[])[] {
  if (names.length > maxNames) return [names];
  let choices: readonly (readonly string[])[] = [[]];
  for (const name of names) choices = [...choices.map((choice) => [...choice, name]), ...choices];
  return choices.filter((choice) => choice.length > 0);
}

/** What stands right below a folder wherever it is named; an empty name for itself. */
function namesBelow(value: unknown, naming: RegExp): ReadonlySet<string> {
  const names = new Set<string>();
  withTexts(value, (text) => {
    for (const { groups } of text.matchAll(naming)) names.add(groups?.['below'] ?? '');
    return text;
  });
  return names;
}

/** A value with all texts in it changed, names of members among them. */
function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => withTexts(item, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [change(name), withTexts(member, change)]),
  );
}
