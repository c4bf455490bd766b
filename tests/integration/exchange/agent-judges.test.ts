import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { conversationIn } from '../../support/call-clients.ts';
import { calls, says, type Step } from '../../support/fake-upstream/step.ts';
import { judgedApis, textOf, useJudgeBench } from '../../support/judge-bench.ts';
import { countProcesses, onLinux } from '../../support/sandbox-fixture.ts';
import { until } from '../../support/until.ts';

const bench = useJudgeBench();

const looking = { type: 'agent', prompt: 'Is the version in version.txt 2?' };
const verdict = (ok: boolean, reason?: string): Step =>
  calls('StructuredOutput', { ok, ...(reason !== undefined && { reason }) }, 'call_end');
const shell = (command: string, callId: string): Step => calls('Shell', { command }, callId);

/** What a question's conversation consists of behind the question. */
const talk = (index: number) =>
  conversationIn(bench.asked()[index]?.json).filter(([kind]) => kind === 'call' || kind === 'output');

describe.each(judgedApis)('an agent hook over the %s API', (api) => {
  onLinux('reads a file of the project and decides; the model goes back to work [HK-1] [HK-2]', async () => {
    await bench.file('project/version.txt', 'version 1\n');
    bench.judge(shell('cat version.txt', 'call_1'), verdict(false, 'it is 1'), verdict(true));
    bench.model((_, index) => says(index === 0 ? 'I think so.' : 'Now it is.'));
    await bench.hook('Stop', looking);
    expect(textOf(await bench.ask(api))).toContain('Now it is.');
    expect(bench.asked()).toHaveLength(3);
    expect(talk(1)).toEqual([
      ['call', 'Shell', { command: 'cat version.txt' }, 'call_1'],
      ['output', 'call_1', 'version 1'],
    ]);
    expect(bench.answered()).toHaveLength(2);
    expect(bench.answered()[1]?.raw.toString()).toContain(
      'Stop hook feedback:\\nAgent hook condition was not met: it is 1',
    );
  });

  onLinux('refuses a tool call and ends the turn [HK-1] [HK-2]', async () => {
    bench.judge(verdict(false, 'it is not'));
    bench.model(() => calls('exec_command', { cmd: 'make release' }));
    await bench.hook('PreToolUse', looking);
    const answer = await bench.ask(api);
    expect(textOf(answer)).toBe(`PreToolUse:Bash hook error: [${looking.prompt}]: it is not`);
    expect(answer.body.toString()).not.toContain('make release');
    expect(bench.answered()).toHaveLength(1);
  });

  onLinux('is told what is wrong with its calls, and that words are no verdict [HK-1]', async () => {
    const wrong = (name: string, input: Readonly<Record<string, unknown>>, callId: string): Step =>
      calls(name, input, callId);
    bench.judge(
      says('Let me think.'),
      wrong('Shell', { line: 'ls' }, 'call_1'),
      wrong('Edit', {}, 'call_2'),
      wrong('StructuredOutput', { ok: 'yes' }, 'call_3'),
      verdict(false, 'at last'),
    );
    await bench.hook('UserPromptSubmit', looking);
    expect(textOf(await bench.ask(api))).toBe('Operation stopped by hook: at last');
    const noVerdict =
      'That is no verdict. Call StructuredOutput with {"ok": true} or {"ok": false, "reason": "…"}.';
    expect(conversationIn(bench.asked()[4]?.json).slice(-8)).toEqual([
      ['text', 'Let me think.'],
      ['user', noVerdict],
      ['call', 'Shell', { line: 'ls' }, 'call_1'],
      ['output', 'call_1', 'The input must be {"command": "…"}.'],
      ['call', 'Edit', {}, 'call_2'],
      ['output', 'call_2', 'There is no tool Edit.'],
      ['call', 'StructuredOutput', { ok: 'yes' }, 'call_3'],
      ['output', 'call_3', noVerdict],
    ]);
  });
});

describe('the shell of an agent hook', () => {
  const outputs = async (command: string): Promise<string> => {
    bench.judge(shell(command, 'call_1'), verdict(true));
    await bench.hook('UserPromptSubmit', looking);
    await bench.ask('responses');
    return String(talk(1)[1]?.[2]);
  };

  onLinux('changes nothing in the project [HK-4] [SEC-2]', async () => {
    expect(await outputs('touch new; echo done > version.txt')).toMatch(/Read-only file system/);
    expect(existsSync(join(bench.workspace, 'new'))).toBe(false);
  });

  onLinux('reaches no network, not even the middleware [HK-4] [SEC-2]', async () => {
    const { port } = bench.middleware;
    const reach = `require('net').connect(${port}, '127.0.0.1').on('connect', () => console.log('reached')).on('error', (e) => console.log(e.code))`;
    expect(await outputs(`'${process.execPath}' -e "${reach}"`)).toMatch(/ECONNREFUSED|ENETUNREACH/);
  });

  onLinux('has its output cut, and says so [HK-4]', async () => {
    const text = await outputs('yes x | head -c 200000');
    expect(Buffer.byteLength(text)).toBeLessThan(66_000);
    expect(text).toMatch(/\[the output was cut\]$/);
  });

  onLinux('does not run what the user’s rules deny or would ask about [HK-4] [SEC-1]', async () => {
    await bench.file('project/.env', 'TOKEN=secret\n');
    bench.judge(shell('cat .env', 'call_1'), shell('git push', 'call_2'), verdict(true));
    await bench.hook('UserPromptSubmit', looking, {
      permissions: { deny: ['Read(./.env)'], ask: ['Bash(git push *)'] },
    });
    await bench.ask('responses');
    expect(talk(2).filter(([kind]) => kind === 'output')).toEqual([
      ['output', 'call_1', expect.stringMatching(/denied/)],
      ['output', 'call_2', expect.stringMatching(/^\[Claude requested permissions to use Bash/)],
    ]);
    expect(bench.asked()[2]?.raw.toString()).not.toContain('TOKEN=secret');
  });

  test('is not there without a sandbox, also where the user does without one; no model is asked [HK-4] [SEC-2]', async () => {
    await bench.start({ CODEX_PLUS_SANDBOX_MODE: 'off' });
    await bench.hook('UserPromptSubmit', looking);
    expect(textOf(await bench.ask('responses'))).toBe('hello');
    expect(bench.asked()).toHaveLength(0);
    expect(bench.problems()).toEqual([
      `UserPromptSubmit hook [${looking.prompt}] failed: an agent hook needs the sandbox, whatever sandbox.mode says: sandbox.mode is off`,
    ]);
  });
});

describe('an agent hook', () => {
  onLinux('that comes to no verdict is given up after twenty calls of the model [HK-4]', async () => {
    bench.judge(says('Let me think.'));
    await bench.hook('UserPromptSubmit', looking);
    expect(textOf(await bench.ask('responses'))).toBe('hello');
    expect(bench.asked()).toHaveLength(20);
    expect(bench.problems()).toEqual([
      `UserPromptSubmit hook [${looking.prompt}] failed: came to no verdict within 20 calls of the model`,
    ]);
  });

  onLinux('is given up at its time limit, with the command that it runs [HK-4]', async () => {
    bench.judge(shell('sleep 60.0625', 'call_1'), verdict(true));
    await bench.hook('UserPromptSubmit', { ...looking, timeout: 3 });
    expect(textOf(await bench.ask('responses'))).toBe('hello');
    expect(bench.asked()).toHaveLength(1);
    expect(bench.problems()).toEqual([
      `UserPromptSubmit hook [${looking.prompt}] failed: did not end within 3 s`,
    ]);
    await until(() => countProcesses('sleep 60.0625') === 0);
  });

  test('of a project waits until it is allowed [HK-3]', async () => {
    await bench.hook('UserPromptSubmit', looking, {}, 'project/.claude/settings.json');
    expect(textOf(await bench.ask('responses'))).toContain('Allow?');
    expect(bench.asked()).toHaveLength(0);
  });
});
