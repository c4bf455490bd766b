import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { CallVerdict } from '../../../middleware/pipeline/call-checks.ts';
import { ranCommand, user, type Item } from '../../support/codex-turns.ts';
import { useHookBench } from '../../support/hook-bench.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useHookBench();

async function settings(value: object, path = 'home/.claude/settings.json'): Promise<void> {
  await bench.file(path, JSON.stringify(value));
}

/** What becomes of a call of the model in answer to the newest request; `undefined` where it is not looked at. */
async function checkCall(name: string, input: object): Promise<CallVerdict | undefined> {
  const checks = bench.middleware.checks();
  if (checks?.mayConcern(claudeNames[name] ?? name) !== true) return undefined;
  const kind = name === 'apply_patch' ? 'custom' : 'function';
  const text = 'patch' in input ? String(input.patch) : JSON.stringify(input);
  return checks.check({ kind, name, namespace: undefined, callId: `c-${text}`, input: text });
}

const claudeNames: Readonly<Record<string, string>> = {
  exec_command: 'Bash',
  write_stdin: 'Bash',
  apply_patch: 'Edit',
};

async function check(command: string): Promise<CallVerdict | undefined> {
  return checkCall('exec_command', { cmd: command });
}

async function newTurn(text = 'hi', input: readonly Item[] = [user(text, `m-${text}`)]): Promise<void> {
  await bench.turn(input);
}

/** The message that an answer, as JSON, consists of. */
function saidIn(answer: string): Item {
  const { output } = JSON.parse(answer) as { readonly output: readonly Item[] };
  return output[0] ?? {};
}

const patch = '*** Begin Patch\n*** Add File: made.txt\n+x\n*** End Patch\n';

describe('a call that no rule decides', () => {
  test('is the client’s: it asks its own user [SEC-1] [PX-2]', async () => {
    await settings({ permissions: { deny: ['Bash(rm:*)'], defaultMode: 'acceptEdits' } });
    await newTurn();
    expect(await check('make')).toEqual({ kind: 'allow' });
    expect(await checkCall('apply_patch', { patch })).toBeUndefined();
  });

  describe('where the middleware is told to ask', () => {
    test('is a question, unless it only reads, plans or waits [SEC-1]', async () => {
      await bench.restart({ CODEX_PLUS_PERMISSIONS_UNDECIDED: 'ask' });
      await newTurn();
      expect(await check('make')).toMatchObject({
        kind: 'ask',
        question: expect.stringContaining('This command requires approval') as unknown,
      });
      expect(await check('ls -l && git status')).toEqual({ kind: 'allow' });
      expect(await check('cat /etc/hosts')).toMatchObject({ kind: 'ask' });
      expect(await checkCall('apply_patch', { patch })).toMatchObject({ kind: 'ask' });
      expect(await checkCall('update_plan', { plan: [] })).toEqual({ kind: 'allow' });
      expect(await checkCall('spawn_agent', { message: 'x' })).toEqual({ kind: 'allow' });
      expect(await checkCall('mcp__docs__read', {})).toMatchObject({ kind: 'ask' });
    });

    test('is none where a rule, a hook or the mode allows it [SEC-1] [HK-1]', async () => {
      await bench.restart({ CODEX_PLUS_PERMISSIONS_UNDECIDED: 'ask' });
      await settings({ permissions: { allow: ['Bash(make *)'], defaultMode: 'acceptEdits' } });
      const allows = { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'allow' } };
      const hook = { matcher: 'Bash', command: `grep -q deploy && echo '${JSON.stringify(allows)}'; true` };
      await bench.hooks({ PreToolUse: hook }, 'home/.codexplus/settings.json');
      await newTurn();
      expect(await check('make all')).toEqual({ kind: 'allow' });
      expect(await check('deploy')).toEqual({ kind: 'allow' });
      expect(await checkCall('apply_patch', { patch })).toEqual({ kind: 'allow' });
      expect(await check('npm test')).toMatchObject({ kind: 'ask' });
      await settings({ permissions: { defaultMode: 'bypassPermissions' } });
      lookedAgain();
      await newTurn('again');
      expect(await check('npm test')).toEqual({ kind: 'allow' });
    });
  });
});

describe('what is typed into a running command', () => {
  test.each([
    ['a part of a line', 'r'],
    ['a line that goes on', 'r\\\n'],
    ['a line that a key changes', 'rx\x7fm y\n'],
    ['a line that a key completes', 'r\tm y\n'],
  ])('is a question where a rule is about commands, if it is %s [SEC-1]', async (_name, chars) => {
    await settings({ permissions: { deny: ['Bash(rm:*)'] } });
    await newTurn();
    expect(await checkCall('write_stdin', { session_id: 1, chars })).toMatchObject({ kind: 'ask' });
    for (const whole of ['ls\n', '\x03', ''])
      expect(await checkCall('write_stdin', { session_id: 1, chars: whole })).toEqual({ kind: 'allow' });
  });
});

describe('the mode', () => {
  test('dontAsk refuses what would be a question, and lets run what is allowed [SEC-1]', async () => {
    await settings({
      permissions: { allow: ['Bash(make *)'], ask: ['Bash(git push:*)'], defaultMode: 'dontAsk' },
    });
    await newTurn();
    expect(await check('npm test')).toMatchObject({
      kind: 'deny',
      reason: expect.stringContaining("running in don't ask mode") as unknown,
    });
    expect(await check('git push')).toMatchObject({ kind: 'deny' });
    expect(await check('make all')).toEqual({ kind: 'allow' });
    expect(await check('ls')).toEqual({ kind: 'allow' });
    expect(await checkCall('update_plan', {})).toEqual({ kind: 'allow' });
  });

  test('plan refuses changes that are seen, allowed or not, in a project too [SEC-1]', async () => {
    await settings(
      { permissions: { allow: ['Edit'], defaultMode: 'plan' } },
      'project/.claude/settings.json',
    );
    await newTurn();
    expect(await checkCall('apply_patch', { patch })).toEqual({
      kind: 'deny',
      by: 'the permission mode',
      reason: 'Permission to use Write has been denied because plan mode changes nothing.',
    });
    expect(await check('echo x > made.txt')).toMatchObject({ kind: 'deny' });
    expect(await check('make')).toEqual({ kind: 'allow' });
  });

  test('that nobody knows changes nothing [SEC-1] [CFG-1]', async () => {
    await settings({ permissions: { defaultMode: 'nonsense' } });
    await newTurn();
    expect(bench.middleware.checks()).toBeUndefined();
  });
});

describe('the leave that a project gives itself', () => {
  const leave = {
    permissions: { allow: ['Bash(make *)'], defaultMode: 'acceptEdits', additionalDirectories: ['/etc'] },
  };

  test('counts once the user allowed it, asked with the first prompt [HK-3] [SEC-1] [SEC-4]', async () => {
    await bench.restart({ CODEX_PLUS_PERMISSIONS_UNDECIDED: 'ask' });
    await settings(leave, 'project/.claude/settings.json');
    const first = [user('hi', 'm1')];
    const asked = await bench.turn(first);
    expect(asked).toContain('wants to run tool calls of the model without asking you:');
    for (const line of [
      'allow Bash(make *)',
      'mode acceptEdits',
      'directory /etc',
      'File: .claude/settings.json',
    ]) {
      expect(asked).toContain(line);
    }
    expect(bench.upstream.requests).toHaveLength(0);
    await bench.turn([...first, saidIn(asked), user('n', 'm2')]);
    for (const line of ['make all', 'cat /etc/hosts'])
      expect(await check(line)).toMatchObject({ kind: 'ask' });
    expect(await checkCall('apply_patch', { patch })).toMatchObject({ kind: 'ask' });

    bench.session = 's2';
    const again = await bench.turn(first);
    await bench.turn([...first, saidIn(again), user('a', 'm2')]);
    for (const line of ['make all', 'cat /etc/hosts']) expect(await check(line)).toEqual({ kind: 'allow' });
    expect(await checkCall('apply_patch', { patch })).toEqual({ kind: 'allow' });

    await settings(
      { permissions: { allow: ['Bash(make *)', 'Bash(npm *)'] } },
      'project/.claude/settings.json',
    );
    lookedAgain();
    bench.session = 's3';
    expect(await bench.turn(first)).toContain('allow Bash(npm *)');
  });

  test('is shown with the folders that links lead to, and asked for again when they lead elsewhere [HK-3] [SEC-4]', async () => {
    await bench.restart({ CODEX_PLUS_PERMISSIONS_UNDECIDED: 'ask' });
    await settings({ permissions: { additionalDirectories: ['docs'] } }, 'project/.claude/settings.json');
    const link = join(bench.workspace, 'docs');
    await mkdir(link);
    const first = [user('hi', 'm1')];
    const asked = await bench.turn(first);
    expect(asked).toContain('directory docs\\n');
    await bench.turn([...first, saidIn(asked), user('a', 'm2')]);
    await rm(link, { recursive: true });
    await symlink('/etc', link);
    expect(await check('cat /etc/hosts')).toMatchObject({ kind: 'ask' });
    bench.session = 's2';
    expect(await bench.turn(first)).toContain('directory docs (/etc)');
  });

  test('is not asked for where it changes nothing, and what it forbids holds at once [HK-3] [SEC-1]', async () => {
    const permissions = { ...leave.permissions, deny: ['Bash(rm:*)'] };
    await settings({ permissions }, 'project/.claude/settings.json');
    await newTurn();
    expect(bench.upstream.requests).toHaveLength(1);
    expect(await check('rm x')).toMatchObject({ kind: 'deny' });
  });

  test('does not count for a client whose user is not there [HK-3] [SEC-1]', async () => {
    await bench.restart({ CODEX_PLUS_PERMISSIONS_UNDECIDED: 'ask' });
    await settings(leave, 'project/.claude/settings.json');
    await bench.turn([user('hi', 'm1')], { turn_trigger: 'exec' });
    expect(bench.upstream.requests).toHaveLength(1);
    expect(await check('make all')).toMatchObject({ kind: 'deny' });
  });
});

describe('what the front matter of a command adds', () => {
  const command = (lines: string): Promise<void> =>
    bench.file('home/.claude/commands/fix.md', `---\n${lines}\n---\nFix it.`);

  test('its rules hold for its turn [CMD-2] [SEC-1]', async () => {
    await command('allowed-tools: Bash(make *)\ndisallowed-tools: Bash(rm:*)');
    const call = [user('/fix', 'm1')];
    await newTurn('/fix', call);
    expect(await check('rm x')).toMatchObject({ kind: 'deny' });
    expect(await check('make')).toEqual({ kind: 'allow' });
    const ran = [...call, ...ranCommand('make', 'c1')];
    await newTurn('', ran);
    expect(await check('rm x')).toMatchObject({ kind: 'deny' });
    await newTurn('', [...ran, user('thanks', 'm2')]);
    expect(await check('rm x')).toBeUndefined();
  });

  test('allow what would be asked otherwise, in its turn only [CMD-2] [SEC-1]', async () => {
    await bench.restart({ CODEX_PLUS_PERMISSIONS_UNDECIDED: 'ask' });
    await command('allowed-tools: Bash(make *)');
    const call = [user('/fix', 'm1')];
    await newTurn('/fix', call);
    expect(await check('make all')).toEqual({ kind: 'allow' });
    await newTurn('', [...call, user('again', 'm2')]);
    expect(await check('make all')).toMatchObject({ kind: 'ask' });
  });

  test('its hooks run from then on [CMD-1] [HK-1]', async () => {
    const hook = `hooks:\n  PreToolUse:\n    - matcher: Bash\n      hooks:\n        - {type: command, command: "${bench.keeps('in')}"}`;
    await command(hook);
    const call = [user('/fix', 'm1')];
    await newTurn('/fix', call);
    await check('ls');
    expect(await bench.kept('in')).toMatchObject([{ tool_input: { command: 'ls' } }]);
    await newTurn('', [...call, user('thanks', 'm2')]);
    await check('make');
    expect(await bench.kept('in')).toHaveLength(2);
    bench.session = 's2';
    await newTurn('other', [user('other', 'm3')]);
    expect(await check('make')).toBeUndefined();
  });

  test('the hooks of a project’s command are asked for first [HK-3] [CMD-1]', async () => {
    const hook = `hooks:\n  Stop:\n    - hooks:\n        - {type: command, command: "${bench.keeps('in')}"}`;
    await bench.file('project/.claude/commands/fix.md', `---\n${hook}\n---\nFix it.`);
    const asked = await bench.turn([user('/fix', 'm1')]);
    expect(asked).toContain('Allow?');
    expect(asked).toContain('fix.md');
    expect(bench.upstream.requests).toHaveLength(0);
  });
});
