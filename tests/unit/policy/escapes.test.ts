import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEscapes } from '../../support/escapes/generate-escapes.ts';
import { readGeneratedRecord } from '../../support/escapes/generated-record.ts';
import { entriesFor, knownEscapes } from '../../support/escapes/known-escapes.ts';
import { readClaudeRecord, readRecorded } from '../../support/escapes/recorded-escapes.ts';
import {
  isCounted,
  scoreEscapes,
  scoreGenerated,
  type ScoredEscape,
} from '../../support/escapes/score-escapes.ts';
import { scoreInDocs } from '../../support/escapes/score-in-docs.ts';
import { scoreTable } from '../../support/escapes/score-table.ts';
import { wrappers } from '../../support/escapes/wrappers.ts';

const scored = scoreEscapes();
const ids = scored.map(({ escape }) => escape.id);
const known = knownEscapes();

function unknownOf(all: readonly ScoredEscape[]): readonly string[] {
  const wrong = all.filter(({ isWrong, escape }) => isWrong && !known.has(escape));
  return wrong.map(({ escape, outcome }) => `${outcome}: ${escape.id}`);
}

describe('lines that try to get past a rule', () => {
  test('are many, each stands there once, and what each really does is recorded [SEC-1]', () => {
    const calls = scored.map(({ escape: { behavior, rule, call } }) =>
      JSON.stringify([behavior, rule, call]),
    );
    expect(calls.filter((call, at) => calls.indexOf(call) !== at)).toEqual([]);
    expect(Object.keys(readRecorded()).sort()).toEqual([...ids].sort());
    expect(scored.filter(({ happens }) => happens === true).length).toBeGreaterThan(1_000);
  });

  test('do not get past it, and harmless ones are let through, but for those that are known [SEC-1]', () => {
    expect(unknownOf(scored)).toEqual([]);
  });

  test('are taken off the list of known ones once they are caught: npm run escapes -- --write [SEC-1]', () => {
    const wrong = new Set(
      scored.filter(({ isWrong }) => isWrong).flatMap(({ escape }) => entriesFor(escape)),
    );
    expect(known.entries.filter((entry) => !wrong.has(entry) && !entry.startsWith('generated: '))).toEqual(
      [],
    );
  });

  test('are counted in the documentation as they are: npm run escapes -- --write [SEC-1]', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/permissions.md'), 'utf8');
    expect(scoreInDocs(page, 'score', scoreTable(scored))).toBe(page);
  });

  test('are told of Claude Code only where they still stand there [SEC-1]', () => {
    const { denied, asked, ran } = readClaudeRecord();
    expect([...denied, ...asked, ...ran].filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('a command in one way of running it inside another', () => {
  test('is recorded for every pair of ways [SEC-1]', () => {
    const ways = Object.keys(wrappers);
    const rows = ways.flatMap((outer) => [`bash, ${outer}`, `zsh, ${outer}`]);
    expect(readGeneratedRecord()['ways']).toEqual(ways);
    expect(Object.keys(readGeneratedRecord()).sort()).toEqual(['ways', ...rows].sort());
  });

  // `npm run escapes` decides all of them. 31 has no divisor in common with the length of a row, so each way is
  // tried many times.
  test('does not get past a rule, in a sample of all pairs, but for those that are known [SEC-1]', () => {
    const sample = scoreGenerated(generateEscapes().filter((_, at) => at % 31 === 0));
    expect(unknownOf(sample)).toEqual([]);
    expect(sample.filter(isCounted).length).toBeGreaterThan(250);
  });
});
