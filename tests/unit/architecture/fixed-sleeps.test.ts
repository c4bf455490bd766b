import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';

/** A pause of a fixed time, `setTimeout(resolve, 250)` or `sleep(250)`; one of 0 lets others run and waits for nothing. */
const fixedSleep = /\bsetTimeout\(\s*\w+,\s*[1-9][\d_]*\s*\)|\bsleep\(\s*[1-9][\d_]*\s*\)/g;

/** Tests that have a reason, and how many pauses it is one for. */
const reasons: Readonly<Record<string, readonly [pauses: number, reason: string]>> = {
  'integration/exchange/bounded-answers.test.ts': [1, 'nothing more is taken: only time shows that'],
  'integration/exchange/checked-streams.test.ts': [1, 'nothing comes past a held call: only time shows that'],
  'integration/exchange/events.test.ts': [1, 'nothing more is held: only time shows that'],
  'integration/exchange/faults.test.ts': [1, 'nothing more is held: only time shows that'],
  'integration/exchange/passed-bodies.test.ts': [1, 'the pace of a slow client'],
  'integration/exchange/quiet-websockets.test.ts': [1, 'the pace of a slow client'],
  'integration/scopes/aged-access.ts': [1, "a tick of the kernel's clock, which nobody can put forward"],
  'integration/scopes/broken-files.test.ts': [2, 'a writer that pauses in the middle'],
  'integration/scopes/snapshot-cache.test.ts': [
    1,
    "a tick of the kernel's clock, which nobody can put forward",
  ],
};

test('tests wait for what they wait for, and not for a while', () => {
  const folder = join(rootDir, 'tests');
  const files = ['unit', 'integration'].flatMap((kind) =>
    readdirSync(join(folder, kind), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(kind, name)),
  );
  const found = files.flatMap((file) => {
    const pauses = readFileSync(join(folder, file), 'utf8').match(fixedSleep)?.length ?? 0;
    return pauses === 0 || file.endsWith('fixed-sleeps.test.ts') ? [] : [[file, pauses] as const];
  });
  expect(found.sort()).toEqual(Object.entries(reasons).map(([file, [pauses]]) => [file, pauses]));
});
