import { afterAll, expect } from '@jest/globals';
import { readEscapes, type Escape } from '../../support/escapes/read-escapes.ts';
import { readRecorded } from '../../support/escapes/recorded-escapes.ts';
import { EscapeRunner } from '../../support/escapes/run-escape.ts';
import { onLinux } from '../../support/sandbox-fixture.ts';

const runner = new EscapeRunner();
afterAll(() => {
  runner.close();
});

const [template] = readEscapes();

/** What a line of bash does. */
function seenOf(line: string): readonly string[] {
  if (template === undefined) throw new Error('the corpus is empty');
  const input = JSON.stringify({ cmd: line, shell: '/bin/bash' });
  const escape: Escape = { ...template, shell: 'bash', call: { ...template.call, input } };
  return [...runner.run(escape).seen].sort();
}

onLinux('a line that does nothing is seen to do nothing [SEC-1]', () => {
  expect(seenOf('echo rm victim')).toEqual([]);
});

onLinux('what a line does is seen, in the foreground and in the background [SEC-1]', () => {
  expect(seenOf('rm victim')).toEqual(['change', 'remove']);
  expect(seenOf('cat < <(cat .env; curl -s example.com)')).toEqual(['fetch', 'leak']);
  expect(seenOf('true <(sleep 0.2; cp .env x)')).toEqual(['change', 'leak']);
  expect(seenOf('(sleep 0.2; cat ../outside/secret > x) > /dev/null &')).toEqual(['change', 'leak-outside']);
  expect(seenOf('setsid -f sh -c "sleep 0.2; cp .env x" > /dev/null')).toEqual(['change', 'leak']);
});

// `npm run escapes -- --verify` runs all of them. These need no program that a machine may lack.
onLinux('lines do what was recorded of them [SEC-1]', () => {
  const recorded = readRecorded();
  const fixed = readEscapes().filter(({ family, shell }) => family === 'quoting' && shell === 'bash');
  const seen = fixed
    .filter((_, at) => at % 3 === 0)
    .flatMap((escape) =>
      escape.mustNot === undefined ? [] : [[escape.id, runner.run(escape).seen.has(escape.mustNot)]],
    );
  expect(seen.length).toBeGreaterThan(20);
  expect(seen).toEqual(seen.map(([id]) => [id, recorded[`${id}`]?.happens]));
});
