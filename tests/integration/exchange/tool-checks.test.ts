import { describe, expect, test } from '@jest/globals';
import type { CallVerdict } from '../../../middleware/pipeline/call-checks.ts';
import { ranCommand, user } from '../../support/codex-turns.ts';
import { contextOf, developer, useHookBench } from '../../support/hook-bench.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useHookBench();

/** A decision of a PreToolUse hook, as it prints it. */
function decides(decision: object): string {
  return `echo '${JSON.stringify({ hookSpecificOutput: { hookEventName: 'PreToolUse', ...decision } })}'`;
}

/** What becomes of a shell command that the model calls in answer to a prompt. */
async function check(command: string, callId = 'c1', metadata: object = {}): Promise<CallVerdict> {
  await bench.turn([user('hi', 'm1')], metadata);
  const verdict = await bench.middleware.checks()?.check({
    ...{ kind: 'function', name: 'exec_command', namespace: undefined },
    callId,
    input: JSON.stringify({ cmd: command }),
  });
  if (verdict === undefined) throw new Error('nothing had to be checked');
  return verdict;
}

async function rules(permissions: object, path = 'home/.claude/settings.json'): Promise<void> {
  await bench.file(path, JSON.stringify({ permissions }));
}

describe('a call of the model', () => {
  test('is not looked at where no rule restricts and no hook wants to know [PX-2] [SEC-1]', async () => {
    await rules({ allow: ['Bash(ls *)'] });
    await bench.turn([user('hi', 'm1')]);
    expect(bench.middleware.checks()).toBeUndefined();
  });

  test('is held only where its tool may be meant by a hook or by a rule that restricts [SEC-1] [HK-1] [PX-2]', async () => {
    await bench.hooks({ PreToolUse: { matcher: 'Task|WebFetch', command: 'true' } }, undefined, {
      permissions: { allow: ['Grep'], deny: ['mcp__docs__write', 'Bash(rm:*)'] },
    });
    await bench.turn([user('hi', 'm1')]);
    const tools = ['Bash', 'WebFetch', 'Agent', 'Task', 'mcp__docs__read', 'Edit', 'Grep', 'view_image'];
    const held = tools.filter((tool) => bench.middleware.checks()?.mayConcern(tool));
    expect(held).toEqual(['Bash', 'WebFetch', 'Agent', 'Task', 'mcp__docs__read']);
    await rules({ deny: ['Read(./.env)'] });
    lookedAgain();
    await bench.turn([user('hi', 'm2')]);
    expect(tools.filter((tool) => bench.middleware.checks()?.mayConcern(tool))).toEqual(tools);
  });

  test('is refused by a rule of any file, also in a compound line [SEC-1] [HK-2]', async () => {
    await rules({ deny: ['Bash(rm:*)'] }, 'project/.claude/settings.json');
    expect(await check('ls && rm -r x')).toEqual({
      kind: 'deny',
      reason: 'Permission to use Bash with command ls && rm -r x has been denied.',
      by: expect.stringMatching(/^deny rule Bash\(rm:\*\) of the project's shared settings/),
    });
    expect(await check('ls')).toEqual({ kind: 'allow' });
    expect(await check('make')).toEqual({ kind: 'allow' });
  });

  test('that is refused tells the model what hooks said of it, whoever refused it [HK-1] [HK-2]', async () => {
    const context = 'PreToolUse:Bash hook additional context: use trash';
    await bench.hooks({
      PreToolUse: decides({
        ...{ permissionDecision: 'deny', permissionDecisionReason: 'no' },
        additionalContext: 'use trash',
      }),
    });
    expect(await check('rm x')).toEqual({
      kind: 'deny',
      reason: `PreToolUse:Bash hook error: no\n\n${context}`,
      by: 'a hook',
    });
    await bench.hooks({ PreToolUse: `echo '${contextOf('PreToolUse', 'use trash')}'` }, undefined, {
      permissions: { deny: ['Bash(rm:*)'] },
    });
    lookedAgain();
    expect(await check('rm x', 'c2')).toEqual({
      kind: 'deny',
      reason: `Permission to use Bash with command rm x has been denied.\n\n${context}`,
      by: expect.stringMatching(/^deny rule Bash\(rm:\*\)/),
    });
  });

  test('is refused by a hook with its reason, over a rule that allows it [HK-1] [HK-2]', async () => {
    await bench.hooks({
      PreToolUse: { matcher: 'Bash', command: `${bench.keeps('in')}; echo "not that" >&2; exit 2` },
    });
    const verdict = await check('ls');
    expect(verdict).toMatchObject({ kind: 'deny' });
    expect(JSON.stringify(verdict)).toContain('PreToolUse:Bash hook error: [');
    expect(JSON.stringify(verdict)).toContain('not that');
    expect(await bench.kept('in')).toMatchObject([
      {
        hook_event_name: 'PreToolUse',
        tool_name: 'Bash',
        tool_input: { command: 'ls' },
        tool_use_id: 'c1',
        permission_mode: 'default',
      },
    ]);
  });

  test('is allowed by a hook only as far as rules let it, after what the hook made of it [HK-1] [SEC-1]', async () => {
    const decision = { permissionDecision: 'allow', updatedInput: { command: 'rm x' } };
    await bench.hooks({ PreToolUse: decides(decision) }, undefined, {
      permissions: { deny: ['Bash(rm:*)'] },
    });
    expect(await check('ls')).toMatchObject({ kind: 'deny' });
    await rules({});
    await bench.hooks({ PreToolUse: decides(decision) }, 'home/.codexplus/settings.json');
    bench.session = 's2';
    lookedAgain();
    expect(await check('ls')).toEqual({ kind: 'allow', updatedInput: { command: 'rm x' } });
  });

  test('is asked for where a rule or a hook asks; always is for the same call in this conversation [SEC-1] [HK-1]', async () => {
    await bench.hooks({ Notification: bench.keeps('told') }, undefined, {
      permissions: { ask: ['Bash(git push:*)'] },
    });
    const asked = await check('git push');
    if (asked.kind !== 'ask') throw new Error(asked.kind);
    expect(asked.question).toContain('The model wants to use Bash:\n\n    git push\n');
    expect(asked.question).toMatch(/Allow\? \(Y\)es\/\(N\)o\/\(A\)lways$/);
    await asked.resolve('no');
    expect(await check('git push')).toMatchObject({ kind: 'ask' });
    await asked.resolve('yes');
    expect(await check('git push')).toMatchObject({ kind: 'ask' });
    await asked.resolve('always');
    expect(await check('git push')).toEqual({ kind: 'allow' });
    expect(await check('git push --force')).toMatchObject({ kind: 'ask' });
    bench.session = 's2';
    expect(await check('git push')).toMatchObject({ kind: 'ask' });
    expect((await bench.kept('told'))[0]).toMatchObject({ notification_type: 'permission_prompt' });
  });

  test('that needs a question is refused where nobody can be asked [SEC-1]', async () => {
    await rules({ ask: ['Bash(git push:*)'] });
    const verdict = await check('git push', 'c1', { turn_trigger: 'exec' });
    expect(verdict).toMatchObject({ kind: 'deny' });
    expect(JSON.stringify(verdict)).toContain('nobody can be asked here');
  });

  test('is answered for by a PermissionRequest hook before the user is [HK-1]', async () => {
    const answer = { hookEventName: 'PermissionRequest', decision: { behavior: 'deny', message: 'never' } };
    await bench.hooks(
      { PermissionRequest: `echo '${JSON.stringify({ hookSpecificOutput: answer })}'` },
      undefined,
      {
        permissions: { ask: ['Bash(git push:*)'] },
      },
    );
    expect(await check('git push')).toEqual({ kind: 'deny', reason: 'never', by: 'a hook' });
    expect(await check('ls')).toEqual({ kind: 'allow' });
    const ends = { ...answer, decision: { behavior: 'deny', message: 'stop it', interrupt: true } };
    await bench.hooks(
      { PermissionRequest: `echo '${JSON.stringify({ hookSpecificOutput: ends })}'` },
      undefined,
      { permissions: { ask: ['Bash(git push:*)'] } },
    );
    lookedAgain();
    expect(await check('git push')).toEqual({ kind: 'stop', reason: 'stop it' });
  });

  test('that a hook refuses while it ends the turn is refused by the end of the turn [HK-1]', async () => {
    const refusal = {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: 'no',
    };
    const answer = { continue: false, stopReason: 'enough', hookSpecificOutput: refusal };
    await bench.hooks({ PreToolUse: `echo '${JSON.stringify(answer)}'` });
    expect(await check('ls')).toMatchObject({ kind: 'stop' });
  });

  test('that a hook changed stays changed when another hook answers for the user [HK-1] [SEC-1]', async () => {
    const updatedInput = { command: 'git push --dry-run' };
    const allows = { hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } };
    const hooks = {
      PreToolUse: decides({ permissionDecision: 'allow', updatedInput }),
      PermissionRequest: `echo '${JSON.stringify({ hookSpecificOutput: allows })}'`,
    };
    await bench.hooks(hooks, undefined, { permissions: { ask: ['Bash(git push:*)'] } });
    expect(await check('git push')).toEqual({ kind: 'allow', updatedInput });
  });

  test('goes ahead when its hook fails, hangs or prints what is no answer [HK-4]', async () => {
    for (const hook of [
      { command: 'no-such-program' },
      { command: 'sleep 60', timeout: 0.2 },
      { command: 'echo "{"' },
    ]) {
      await bench.hooks({ PreToolUse: hook });
      lookedAgain();
      expect(await check('ls')).toEqual({ kind: 'allow' });
    }
  });

  test('that hooks comment, or after which they end the turn, is so behind its result [HK-1]', async () => {
    const comment = contextOf('PreToolUse', 'mind the gap');
    await bench.hooks({
      PreToolUse: `grep -q '"c2"' && echo '{"continue":false,"stopReason":"enough"}' || echo '${comment}'`,
    });
    await check('ls');
    const input = [user('hi', 'm1'), ...ranCommand('ls', 'c1')];
    await bench.turn(input);
    const context = developer('PreToolUse:Bash hook additional context: mind the gap');
    expect(bench.sent()).toEqual([...input, context]);
    expect(await check('pwd', 'c2')).toEqual({ kind: 'allow' });
    expect(await bench.turn([...input, ...ranCommand('pwd', 'c2')])).toContain(
      'PreToolUse:Bash hook stopped continuation: enough',
    );
  });
});
