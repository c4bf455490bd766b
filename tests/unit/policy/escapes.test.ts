import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKnown, readRecorded } from '../../support/escapes/recorded-escapes.ts';
import { scoreEscapes, scoreTable } from '../../support/escapes/score-escapes.ts';
import { scoreInDocs } from '../../support/escapes/score-in-docs.ts';

const scored = scoreEscapes();
const known = new Set(Object.values(readKnown()).flat());

describe('lines that try to get past a rule', () => {
  test('are many, each is told from all others, and what each really does is recorded [SEC-1]', () => {
    const ids = scored.map(({ escape }) => escape.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(readRecorded()).sort()).toEqual([...ids].sort());
    expect(scored.filter(({ recorded }) => recorded?.happens === true).length).toBeGreaterThan(1_000);
  });

  test('do not get past it, and harmless ones are let through, but for those that are known [SEC-1]', () => {
    const wrong = scored.filter(({ isWrong, escape }) => isWrong && !known.has(escape.id));
    expect(wrong.map(({ escape, outcome }) => `${outcome}: ${escape.id}`)).toEqual([]);
  });

  test('are taken off the list of known ones once they are caught: npm run escapes -- --write [SEC-1]', () => {
    const wrong = new Set(scored.filter(({ isWrong }) => isWrong).map(({ escape }) => escape.id));
    expect([...known].filter((id) => !wrong.has(id))).toEqual([]);
  });

  test('are counted in the documentation as they are: npm run escapes -- --write [SEC-1]', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/permissions.md'), 'utf8');
    expect(scoreInDocs(page, scoreTable(scored))).toBe(page);
  });
});
