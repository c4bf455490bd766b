import { describe, expect, test } from '@jest/globals';
import type { CallVerdict } from '../../../middleware/pipeline/call-checks.ts';
import { user, type Item } from '../../support/codex-turns.ts';
import { useHookBench } from '../../support/hook-bench.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useHookBench();
const settings = 'project/.claude/settings.json';

async function check(command: string, callId: string): Promise<CallVerdict | undefined> {
  return bench.middleware.checks()?.check({
    ...{ kind: 'function', name: 'exec_command', namespace: undefined, callId },
    input: JSON.stringify({ cmd: command }),
  });
}

/** Says something and answers the question that comes of it. */
async function answered(text: string, answer: string): Promise<readonly Item[]> {
  const { output } = JSON.parse(await bench.turn([user(text, 'm1')])) as { readonly output: readonly Item[] };
  const items = [user(text, 'm1'), ...output, user(answer, 'm2')];
  await bench.turn(items);
  return items;
}

const oneShot = { turn_trigger: 'exec' };
const guard = 'grep -q secret && { echo no >&2; exit 2; } || exit 0';

describe('a guard of the project that was allowed and then changed', () => {
  test.each([
    ['its script', () => bench.file('project/check.sh', 'exit 0')],
    ['its script is gone', () => bench.file('project/check.sh', '')],
  ])('lets no call through in the same turn: %s [HK-2] [SEC-1]', async (_what, change) => {
    await bench.file('project/check.sh', guard);
    await bench.hooks({ PreToolUse: { matcher: 'Bash', command: 'sh ./check.sh' } }, settings);
    await answered('hi', 'y');
    expect(await check('cat secret', 'c1')).toMatchObject({ kind: 'deny' });
    expect(await check('ls', 'c2')).toEqual({ kind: 'allow' });
    await change();
    const held = await check('cat secret', 'c3');
    expect(held).toMatchObject({ kind: 'ask' });
    expect(JSON.stringify(held)).toContain('was changed since you allowed it');
  });

  test('is asked about at the next prompt until there is an answer, and counts again after a yes [HK-3]', async () => {
    await bench.file('project/check.sh', guard);
    await bench.hooks({ PreToolUse: { matcher: 'Bash', command: 'sh ./check.sh' } }, settings);
    const items = [...(await answered('hi', 'y')), { role: 'assistant', content: 'hello' }];
    await bench.file('project/check.sh', `${guard} #`);
    const asked = JSON.parse(await bench.turn([...items, user('more', 'm3')])) as { output: Item[] };
    expect(JSON.stringify(asked)).toContain('Allow?');
    const again = [...items, user('more', 'm3'), ...asked.output, user('what?', 'm4')];
    const second = JSON.parse(await bench.turn(again)) as { output: Item[] };
    expect(JSON.stringify(second)).toContain('Allow?');
    await bench.turn([...again, ...second.output, user('y', 'm5')]);
    expect(await check('cat secret', 'c1')).toMatchObject({ kind: 'deny' });
    expect(await check('ls', 'c2')).toEqual({ kind: 'allow' });
  });

  test('lets no call and no prompt through where nobody can be asked, also after a restart [HK-2] [HK-3]', async () => {
    await bench.file('project/check.sh', guard);
    await bench.hooks(
      { PreToolUse: { matcher: 'Bash', command: 'sh ./check.sh' }, UserPromptSubmit: 'sh ./check.sh' },
      settings,
    );
    await answered('hi', 'a');
    await bench.file('project/check.sh', 'exit 0');
    await bench.restart({});
    bench.session = 's2';
    expect(await bench.turn([user('hi', 'm1')], oneShot)).toContain('codex-plus trust add');
    await bench.hooks({ PreToolUse: { matcher: 'Bash', command: 'sh ./check.sh' } }, settings);
    lookedAgain();
    bench.session = 's3';
    await bench.turn([user('hi', 'm1')], oneShot);
    const refused = await check('ls', 'c1');
    expect(refused).toMatchObject({ kind: 'deny' });
    expect(JSON.stringify(refused)).toContain('codex-plus trust add');
    expect(JSON.stringify(refused)).not.toContain('config list');
  });

  test('that was never allowed does not run, and holds nothing [HK-3]', async () => {
    await bench.hooks({ PreToolUse: { matcher: 'Bash', command: 'exit 2' } }, settings);
    await answered('hi', 'n');
    expect(await check('ls', 'c1')).toEqual({ kind: 'allow' });
    bench.session = 's2';
    await bench.turn([user('hi', 'm1')], oneShot);
    expect(await check('ls', 'c2')).toEqual({ kind: 'allow' });
  });
});
