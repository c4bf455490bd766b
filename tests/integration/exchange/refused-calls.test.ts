import { describe, expect, test } from '@jest/globals';
import { user } from '../../support/codex-turns.ts';
import { useHookBench } from '../../support/hook-bench.ts';

const bench = useHookBench();

async function check(command: string, callId: string): Promise<void> {
  await bench.middleware.checks()?.check({
    ...{ kind: 'function', name: 'exec_command', namespace: undefined, callId },
    input: JSON.stringify({ cmd: command }),
  });
}

describe('a call that is refused', () => {
  test('by a rule is in the log and the metrics, without its arguments, and the user reads of it [SEC-1]', async () => {
    await bench.file('home/.claude/settings.json', JSON.stringify({ permissions: { deny: ['Bash(rm:*)'] } }));
    await bench.turn([user('hi', 'm1')]);
    await check('rm sk-very-secret', 'call_1');
    await check('rm sk-very-secret', 'call_2');
    await check('ls', 'call_3');
    const told = bench.middleware.lines.filter(({ message }) => String(message).includes('was refused'));
    expect(told).toHaveLength(2);
    expect(told[0]).toMatchObject({ level: 'info', call: 'call_1', tool: 'Bash', by: 'rule', session: 's1' });
    expect(String(told[0]?.['rule'])).toContain('deny rule Bash(rm:*)');
    expect(JSON.stringify(bench.middleware.lines)).not.toContain('sk-very-secret');
    expect(await bench.middleware.metrics()).toContain('codex_plus_refused_calls_total{by="rule"} 2');
    const items = [user('hi', 'm1'), { role: 'assistant', content: 'hello' }, user('more', 'm2')];
    const answer = await bench.turn(items);
    expect(answer.split('Codex-Plus refused a call of Bash: deny rule Bash(rm:*)')).toHaveLength(2);
    expect(await bench.turn([...items.slice(0, 2), user('and', 'm3')])).not.toContain('refused a call');
  });

  test('has a line of its own in the log, but not each of hundreds in one answer: of those the log tells how many they are', async () => {
    await bench.file('home/.claude/settings.json', JSON.stringify({ permissions: { deny: ['Bash(rm:*)'] } }));
    await bench.turn([user('hi', 'm1')]);
    for (let call = 1; call <= 100; call += 1) await check(`rm ${String(call)}`, `call_${String(call)}`);
    const lines = bench.middleware.lines.filter(({ message }) => String(message).includes('refused'));
    expect(lines.filter(({ call }) => call !== undefined)).toHaveLength(20);
    expect(lines.slice(20)).toMatchObject([
      { message: 'many calls of the model were refused in one answer', session: 's1', refused: 40 },
      { message: 'many calls of the model were refused in one answer', session: 's1', refused: 80 },
    ]);
    expect(await bench.middleware.metrics()).toContain('codex_plus_refused_calls_total{by="rule"} 100');
  });

  test('by a hook, or because nobody can be asked, is counted as that [SEC-1] [HK-2]', async () => {
    await bench.hooks(
      { PreToolUse: { matcher: 'Bash', command: 'grep -q "rm x" && exit 2 || exit 0' } },
      undefined,
      {
        permissions: { ask: ['Bash(make:*)'] },
      },
    );
    await bench.turn([user('hi', 'm1')], { turn_trigger: 'exec' });
    await check('rm x', 'call_1');
    await check('make', 'call_2');
    const metrics = await bench.middleware.metrics();
    expect(metrics).toContain('codex_plus_refused_calls_total{by="hook"} 1');
    expect(metrics).toContain('codex_plus_refused_calls_total{by="nobody to ask"} 1');
  });
});

describe('a hook with once', () => {
  test('runs once in a session, and again in the next one [HK-1]', async () => {
    const hook = { type: 'command', command: `echo ran >> ${bench.folder}/ran`, once: true };
    await bench.file(
      'home/.claude/settings.json',
      JSON.stringify({ hooks: { UserPromptSubmit: [{ hooks: [hook] }] } }),
    );
    await bench.turn([user('hi', 'm1')]);
    await bench.turn([user('hi', 'm1'), { role: 'assistant', content: 'hello' }, user('more', 'm2')]);
    expect(bench.middleware.runs()).toHaveLength(1);
    bench.session = 's2';
    await bench.turn([user('hi', 'm1')]);
    expect(bench.middleware.runs()).toHaveLength(2);
  });
});
