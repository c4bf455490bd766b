import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSettings } from '../../../middleware/features/commands/find/front-matter.ts';
import { splitFrontMatter } from '../../../middleware/platform/config/front-matter.ts';
import { holds } from '../../support/fuzz.ts';

const scrap = fc.constantFrom(
  ...[
    '---',
    '\n',
    '\r\n',
    ' ',
    '\t',
    ':',
    ': ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '#',
    '&a',
    '*a',
    '<<',
    '!!x',
  ],
  ...[
    'description',
    'allowed-tools',
    'model',
    'arguments',
    'hooks',
    'argument-hint',
    'Bash(git:*)',
    '\ufeff',
    '\u2028',
  ],
  ...['__proto__', 'true', '~', '1e9', '\0', 'ä'],
);
const content = fc.oneof(
  fc.array(scrap, { maxLength: 30 }).map((scraps) => `---\n${scraps.join('')}\n---\nbody`),
  fc.array(scrap, { maxLength: 30 }).map((scraps) => scraps.join('')),
);

describe('front matter', () => {
  test('of whatever kind is read without an error, and its settings are of their kinds', () =>
    holds(
      [content],
      (text) => {
        const { data } = splitFrontMatter(text);
        const settings = readSettings(data);
        for (const value of [settings.description, settings.model, settings.argumentHint])
          expect(['string', 'undefined']).toContain(typeof value);
        for (const name of settings.argumentNames) expect(typeof name).toBe('string');
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
      },
      400,
    ));

  test('leaves the body as it is', () =>
    holds([content], (text) => {
      expect(text.endsWith(splitFrontMatter(text).body) || splitFrontMatter(text).body === '').toBe(true);
    }));
});
