import { describe, expect, test } from '@jest/globals';
import type { CallVerdict } from '../../../middleware/pipeline/call-checks.ts';
import { user } from '../../support/codex-turns.ts';
import { contextOf, useHookBench } from '../../support/hook-bench.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useHookBench();

/** What becomes of code that the model runs in Codex's code mode. */
async function check(code: string, metadata: object = {}, callId = 'c1'): Promise<CallVerdict> {
  await bench.turn([user('hi', 'm1')], metadata);
  const call = { kind: 'custom', name: 'exec', namespace: 'functions' } as const;
  const verdict = await bench.middleware.checks()?.check({ ...call, callId, input: code });
  if (verdict === undefined) throw new Error('nothing had to be checked');
  return verdict;
}

async function rules(permissions: object): Promise<void> {
  await bench.file('home/.claude/settings.json', JSON.stringify({ permissions }));
}

const madeUp = 'const r = await tools.exec_command({cmd: `rm ${file}`}); text(r.output);';
const noTurn = { turn_trigger: 'exec' };

describe('code of the model that cannot be read whole', () => {
  test.each(['Bash(rm:*)', 'Read(./.env)', 'exec_command'])(
    'is a question where the rule %s may be about what it calls, and shows the code [SEC-1] [HK-2]',
    async (rule) => {
      await rules({ deny: [rule] });
      const verdict = await check(madeUp);
      if (verdict.kind !== 'ask') throw new Error(verdict.kind);
      expect(verdict.question).toContain(`The model wants to use exec:\n\n    ${madeUp}\n`);
      expect(verdict.question).toContain(
        `What this code calls its tools with is only known when it runs, and the deny rule ${rule} may be about it.`,
      );
      await verdict.resolve('always');
      expect(await check(madeUp)).toEqual({ kind: 'allow' });
      expect(await check(`${madeUp} `)).toMatchObject({ kind: 'ask' });
    },
  );

  test('is refused where nobody can be asked, and the model reads how to make the call [SEC-1] [HK-2]', async () => {
    await rules({ ask: ['Bash(git push:*)'] });
    const verdict = await check('const t = tools; await t.exec_command({cmd: "ls"})', noTurn);
    expect(verdict).toMatchObject({ kind: 'deny' });
    const text = JSON.stringify(verdict);
    expect(text).toContain(
      'Which tools this code calls is only known when it runs, and the ask rule Bash(git',
    );
    expect(text).toContain('like tools.exec_command({cmd: \\"ls\\"}), are checked one by one');
    expect(text).toContain('nobody can be asked here');
  });

  test('is none where no rule is about what it could call [SEC-1] [HK-2]', async () => {
    await rules({ deny: ['WebFetch(domain:example.com)', 'Agent(Explore)'], allow: ['Bash(ls *)'] });
    expect(await check('run(tools)')).toEqual({ kind: 'allow' });
    await rules({ deny: ['mcp__docs__write'] });
    lookedAgain();
    expect(await check(madeUp)).toEqual({ kind: 'allow' });
    expect(await check('tools.mcp__docs__read(a)')).toEqual({ kind: 'allow' });
    expect(await check('tools.mcp__docs__write(a)')).toMatchObject({ kind: 'ask' });
  });

  test('is decided by what can be read in it where that is refused [SEC-1] [HK-2]', async () => {
    await rules({ deny: ['Bash(rm:*)'] });
    expect(await check(`${madeUp} await tools.exec_command({cmd: "rm y"})`)).toEqual({
      kind: 'deny',
      by: expect.stringContaining('deny rule Bash(rm:*) of'),
      reason: 'Permission to use Bash with command rm y has been denied.',
    });
    expect(await check('await tools.exec_command({cmd: "ls"}); text(1)')).toEqual({ kind: 'allow' });
  });

  test('is told to the hooks that are about exec, and is no question for the others [HK-1] [HK-2]', async () => {
    await bench.hooks({ PreToolUse: { matcher: 'Bash', command: `${bench.keeps('bash')}; exit 2` } });
    expect(await check(madeUp)).toEqual({ kind: 'allow' });
    expect(await bench.kept('bash')).toEqual([]);
    await bench.hooks({ PreToolUse: { matcher: 'exec', command: `${bench.keeps('code')}; exit 2` } });
    lookedAgain();
    expect(await check(madeUp)).toMatchObject({ kind: 'deny' });
    expect(await bench.kept('code')).toMatchObject([{ tool_name: 'exec', tool_input: { input: madeUp } }]);
  });

  test('is asked about once, with all that has to be asked in it [SEC-1] [HK-2]', async () => {
    await rules({ ask: ['Bash(git push:*)'] });
    const code = 'await tools.exec_command({cmd: "git push"}); await tools.exec_command({cmd: next})';
    const verdict = await check(code);
    if (verdict.kind !== 'ask') throw new Error(verdict.kind);
    const { question } = verdict;
    expect(question).toContain('The model wants to use Bash:\n\n    git push\n');
    expect(question).toContain(`The model wants to use exec:\n\n    ${code}\n`);
    expect(question.match(/Allow\? \(Y\)es\/\(N\)o\/\(A\)lways/g)).toHaveLength(1);
    expect(question).toMatch(/\n\nAllow\? \(Y\)es\/\(N\)o\/\(A\)lways$/);
    await verdict.resolve('no');
    expect(await check(code)).toMatchObject({ kind: 'ask' });
    await verdict.resolve('always');
    expect(await check(code)).toEqual({ kind: 'allow' });
  });
});

describe('a call of several uses', () => {
  const code = 'await tools.exec_command({cmd: "git push"}); await tools.exec_command({cmd: "ls"})';

  test('ends the turn where one of them does, whatever else is refused in it [HK-1] [SEC-1]', async () => {
    const decision = { hookEventName: 'PreToolUse', permissionDecision: 'defer' };
    const defers = `grep -q '"pwd"' && echo '${JSON.stringify({ hookSpecificOutput: decision })}' || true`;
    await bench.hooks({ PreToolUse: defers }, undefined, { permissions: { deny: ['Bash(rm:*)'] } });
    const code = 'await tools.exec_command({cmd: "rm x"}); await tools.exec_command({cmd: "pwd"})';
    expect(await check(code)).toMatchObject({ kind: 'stop' });
  });

  test('has what hooks say of each of them behind its output [HK-1]', async () => {
    const [one, two] = ['one', 'two'].map((words) => contextOf('PreToolUse', words));
    await bench.hooks({ PreToolUse: `grep -q '"ls"' && echo '${one}' || echo '${two}'` });
    const code = 'await tools.exec_command({cmd: "ls"}); await tools.exec_command({cmd: "pwd"})';
    await check(code);
    const call = { type: 'custom_tool_call', id: 'i1', call_id: 'c1', name: 'exec', input: code };
    const output = { type: 'custom_tool_call_output', id: 'o1', call_id: 'c1', output: 'files' };
    await bench.turn([user('hi', 'm1'), call, output]);
    const said = JSON.stringify(bench.sent().at(-1));
    for (const words of ['one', 'two']) expect(said).toContain(`hook additional context: ${words}`);
  });

  test.each(['ls', 'git push'])(
    'that a hook changed is refused where a rule asks about one of them: %s [HK-1] [SEC-1]',
    async (changed) => {
      const updatedInput = { command: `${changed} --changed` };
      const decision = { hookEventName: 'PreToolUse', permissionDecision: 'allow', updatedInput };
      const changes = `grep -q '"${changed}"' && echo '${JSON.stringify({ hookSpecificOutput: decision })}' || true`;
      await bench.hooks({ PreToolUse: { matcher: 'Bash', command: changes } }, undefined, {
        permissions: { ask: ['Bash(git push:*)'] },
      });
      expect(await check(code)).toMatchObject({
        kind: 'deny',
        reason: expect.stringContaining('one by one') as unknown,
      });
    },
  );

  test('keeps what a hook made of a call through the question about it [HK-1] [SEC-1]', async () => {
    const updatedInput = { command: 'git push --dry-run' };
    const decision = { hookEventName: 'PreToolUse', permissionDecision: 'allow', updatedInput };
    await bench.hooks(
      { PreToolUse: `echo '${JSON.stringify({ hookSpecificOutput: decision })}'` },
      undefined,
      {
        permissions: { ask: ['Bash(git push:*)'] },
      },
    );
    const verdict = await check('await tools.exec_command({cmd: "git push"})');
    expect(verdict).toMatchObject({ kind: 'ask', updatedInput });
    expect(JSON.stringify(verdict)).toContain('git push --dry-run');
  });
});
