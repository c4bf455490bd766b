import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { endWords } from '../../../middleware/protocol/apis/common/ends/end-words.ts';
import { namedStatuses } from '../../../middleware/protocol/translation/faults/named-statuses.ts';
import * as words from '../../../middleware/protocol/translation/faults/refusal-words.ts';
import { rootDir } from '../../support/compose-middleware.ts';

const source = readFileSync(join(rootDir, 'litellm', 'launch.py'), 'utf8');

/** What `launch.py` assigns to a name, up to the next statement of the file. */
function assigned(name: string): string {
  const [, value] = new RegExp(String.raw`^${name} = ([\s\S]*?)\n(?=[A-Za-z#@])`, 'm').exec(source) ?? [];
  if (value === undefined) throw new Error(`launch.py has no ${name}`);
  return value;
}

function textsOf(name: string): readonly string[] {
  return [...assigned(name).matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
}

/** A dictionary of numbers, with the names of sets that it is made from. */
function numbersOf(name: string): ReadonlyMap<string, number> {
  const value = assigned(name);
  const own = [...value.matchAll(/"([^"]*)": (\d+)/g)];
  const made = [...value.matchAll(/\*\*dict\.fromkeys\((\w+), (\d+)\)/g)];
  return new Map([
    ...own.map(([, key = '', number]) => [key, Number(number)] as const),
    ...made.flatMap(([, set = '', number]) => textsOf(set).map((key) => [key, Number(number)] as const)),
  ]);
}

/** An expression of raw texts that stand behind each other. */
function expressionOf(name: string): RegExp {
  const value = assigned(name);
  const texts = [...value.matchAll(/r'''([\s\S]*?)'''|r"((?:[^"\\]|\\.)*)"/g)];
  const flags = { i: 're.IGNORECASE', s: 're.DOTALL' };
  return new RegExp(
    texts.map(([, long, short]) => long ?? short ?? '').join(''),
    Object.entries(flags)
      .filter(([, flag]) => value.includes(flag))
      .map(([letter]) => letter)
      .join(''),
  );
}

const sorted = (texts: Iterable<string>): readonly string[] => [...texts].sort();

test('[RT-4] LiteLLM is taught the words with which providers end answers', () => {
  expect(sorted(textsOf('GOOD_ENDS'))).toEqual(sorted(endWords.stop));
  expect(sorted(textsOf('BROKEN_ENDS'))).toEqual(sorted(endWords.broken));
});

test('[RT-4] and the statuses that names of errors stand for', () => {
  const theirs = numbersOf('STATUSES');
  expect(theirs.size).toBeGreaterThan(30);
  expect(Object.fromEntries(theirs)).toEqual(Object.fromEntries(namedStatuses));
});

test.each([
  ['WRONG_KEY_WORDS', words.wrongKeyWords],
  ['WRONG_KEY_NAMES', words.wrongKeyNames],
  ['REQUEST_WORDS', words.requestWords],
  ['KEY_WORDS', words.keyWords],
  ['KEY_NAMES', words.keyNames],
  ['USED_UP_WORDS', words.usedUpWords],
  ['QUOTA_EXCEEDED', words.quotaExceeded],
  ['PAGE', words.page],
  ['QUOTATIONS', words.quotations],
])('[RT-5] and what providers say of keys, accounts and requests: %s', (name, ours) => {
  const theirs = expressionOf(name);
  expect(theirs.source).toBe(ours.source);
  // Python replaces all that it finds without being told.
  expect(theirs.flags).toBe(ours.flags.replace('g', ''));
});

test('[RT-5] by the same name', () => {
  expect(textsOf('USED_UP_NAME')).toEqual([words.usedUpName]);
});
