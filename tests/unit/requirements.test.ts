import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { kept, open } from '../requirements.ts';

const testsDir = join(import.meta.dirname, '..');
const self = 'requirements.test.ts';

/** The ids that the names of all tests carry. */
function provenIds(): Set<string> {
  const ids = new Set<string>();
  for (const file of readdirSync(testsDir, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.test.ts') || file.endsWith(self)) continue;
    const text = readFileSync(join(testsDir, file), 'utf8');
    for (const [, id = ''] of text.matchAll(/\[([A-Z]{2,3}-\d+)\]/g)) ids.add(id);
  }
  return ids;
}

describe('the promises', () => {
  const proven = provenIds();

  test('every kept promise has a test that proves it', () => {
    expect(Object.keys(kept).filter((id) => !proven.has(id))).toEqual([]);
  });

  test('every id in the name of a test is a promise', () => {
    expect([...proven].filter((id) => !(id in kept) && !(id in open))).toEqual([]);
  });

  test('no promise is both kept and open', () => {
    expect(Object.keys(open).filter((id) => id in kept)).toEqual([]);
  });
});
