import { describe, expect, test } from '@jest/globals';
import { user } from '../../support/codex-turns.ts';
import { useHookBench } from '../../support/hook-bench.ts';

const bench = useHookBench();

/** A client that counts its items gives what was said in the place of a message the id of that message. */
describe('another message with the id of one before', () => {
  test('is no command where the one before was, and has its own result where it is one [HK-3]', async () => {
    await bench.file('project/.claude/commands/p.md', 'PLAIN $ARGUMENTS');
    await bench.turn([user('/p one', 'm0')]);
    const ofOne = bench.sent();
    expect(JSON.stringify(ofOne)).toContain('PLAIN one');
    const joke = user('Tell me a joke', 'm0');
    await bench.turn([joke]);
    expect(bench.sent()).toEqual([joke]);
    await bench.turn([user('/p two', 'm0')]);
    expect(JSON.stringify(bench.sent())).toContain('PLAIN two');
    await bench.turn([user('/p one', 'm0')]);
    expect(bench.sent()).toEqual(ofOne);
  });

  test('is new to hooks, and the one before is not where it comes again [HK-1]', async () => {
    await bench.hooks({ UserPromptSubmit: bench.keeps('in') });
    for (const words of ['one', 'two', 'one']) await bench.turn([user(words, 'm0')]);
    expect(await bench.kept('in')).toMatchObject([{ prompt: 'one' }, { prompt: 'two' }]);
  });
});
