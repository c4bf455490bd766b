import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makePolicyPlace, type PolicyPlace } from '../../support/made-up-policy.ts';
import { holds } from '../../support/fuzz.ts';

/** What lines are made of; joined they are sometimes a line of bash and often none. */
const scrap = fc.constantFrom(
  ...[
    'git status',
    'rm',
    'x',
    '.env',
    'cat',
    'echo',
    'make',
    '-la',
    '--all',
    'A=1',
    '$A',
    '"',
    "'",
    '`',
    '$(',
    ')',
  ],
  ...[
    '(',
    '{',
    '}',
    ';',
    '&&',
    '||',
    '|',
    '&',
    '>',
    '<',
    '<<E\n',
    '\nE\n',
    '\\',
    '\n',
    '#',
    '*',
    '?',
    '[',
    ']',
    '~',
  ],
  ...[
    'for i in a b; do',
    'done',
    'if',
    'then',
    'fi',
    'case x in',
    'esac',
    'f() {',
    '((',
    '))',
    '[[',
    ']]',
    '${',
    '!',
  ],
  ...[
    'sudo',
    'env',
    'xargs',
    'find . -exec',
    'bash -c',
    'eval',
    'timeout 5',
    'cd sub',
    '\u2028',
    'ä',
    '\0',
    '%',
  ],
);
const line = fc
  .array(fc.tuple(scrap, fc.constantFrom(' ', '')), { maxLength: 14 })
  .map((scraps) => scraps.flat().join(''));
const ruleText = fc.oneof(
  fc.constantFrom(
    'Bash',
    'Bash(git status:*)',
    'Bash(rm:*)',
    'Bash(* --version)',
    'Read(./.env)',
    'Read(**)',
    'Edit',
  ),
  fc.array(scrap, { maxLength: 4 }).map((scraps) => `Bash(${scraps.join(' ')})`),
  fc.array(scrap, { maxLength: 4 }).map((scraps) => `Read(${scraps.join('/')})`),
  fc.string(),
);
const rules = fc.array(ruleText, { maxLength: 4 });
const strength = { allow: 0, none: 1, ask: 2, deny: 3 } as const;

describe('permission rules on random lines', () => {
  let place: PolicyPlace;
  beforeAll(() => {
    place = makePolicyPlace({ 'project/.env': 'X=1', 'project/sub/a': '' });
  });
  afterAll(() => {
    place.remove();
  });

  test('always come to a decision, and a rule that denies never makes a line freer', () =>
    holds(
      [line, rules, rules],
      (command, allow, deny) => {
        const without = place.shell({ allow }, command);
        const denied = place.shell({ allow, deny }, command);
        expect(strength[denied]).toBeGreaterThanOrEqual(strength[without]);
      },
      400,
    ));

  test('a rule that allows never lifts one that denies or asks', () =>
    holds(
      [line, rules, rules, rules],
      (command, allow, ask, deny) => {
        const strict = place.shell({ ask, deny }, command);
        const both = place.shell({ allow, ask, deny }, command);
        if (strict === 'deny' || strict === 'ask') expect(both).toBe(strict);
      },
      400,
    ));

  const refused = fc.constantFrom(
    'rm x',
    'cat .env',
    'sudo rm x',
    'ls | xargs rm',
    '(cat < .env)',
    'if rm x; then ls; fi',
    'for i in a b; do rm $i; done',
    'F=.env; cat $F',
    "bash -c 'rm x'",
    'echo "$(rm x)"',
    'x=rm; $x y',
  );

  test('a line before or behind a refused one changes nothing about that', () =>
    holds(
      [refused, line],
      (first, second) => {
        const deny = ['Bash(rm:*)', 'Read(./.env)'];
        expect(place.shell({ deny }, first)).toBe('deny');
        expect(['deny', 'ask']).toContain(place.shell({ deny }, `${first}\n${second}`));
        // Behind what opens a quote, a comment or a here-document, or makes another folder the current one, the
        // refused line is another.
        if (/["'`\\#<\0]|cd sub/.test(second)) return;
        expect(['deny', 'ask']).toContain(place.shell({ deny }, `${second}\n${first}`));
      },
      400,
    ));

  test('paths of every kind come to a decision', () =>
    holds([fc.oneof(fc.string({ unit: 'binary' }), line), rules, rules], (path, allow, deny) => {
      for (const tool of ['Read', 'Edit', 'Grep', 'WebFetch', 'mcp__a__b'])
        expect(Object.keys(strength)).toContain(
          place.ask({ allow, deny }, tool, { file_path: path, path, url: path, pattern: path }).behavior,
        );
    }));
});
