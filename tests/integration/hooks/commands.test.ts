import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hookEnvironment } from '../../../middleware/features/hooks/run/hook-environment.ts';
import { hookInput, type HookInput } from '../../../middleware/features/hooks/hook-input.ts';
import { runBounded } from '../../../middleware/platform/process/run-bounded.ts';
import { isRunning } from '../../support/is-running.ts';
import { beforeBash, hooksOf, onPrompt, session } from '../../support/made-up-hooks.ts';
import { nothing, startHooks } from '../../support/start-hooks.ts';
import { until } from '../../support/until.ts';

const top = mkdtempSync(join(tmpdir(), 'hooks-'));
let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(top, 'project-'));
});

afterAll(() => {
  rmSync(top, { recursive: true });
});

const file = (name: string) => join(cwd, name);
const read = (name: string) => readFileSync(file(name), 'utf8');
const env = () =>
  hookEnvironment({
    base: process.env,
    settings: { SHOP_MODE: 'test' },
    projectDir: cwd,
    sessionId: 'session-1',
    effort: 'low',
    agent: 'codex-plus_test',
    envFile: undefined,
  });

/** Runs one command as a hook with real processes. */
const start = (command: string, more: object = {}, input = beforeBash('ls'), signal?: AbortSignal) =>
  startHooks({
    entries: hooksOf({ [input.hook_event_name]: [{ hooks: [{ type: 'command', command, ...more }] }] }),
    input,
    cwd,
    env: env(),
    runCommand: runBounded,
    ...(signal !== undefined && { signal }),
  });
const run = (command: string, more: object = {}, input?: HookInput) => start(command, more, input).outcome;

/** The ids that a hook wrote to `pids`, once there are so many. */
const pids = async (count: number): Promise<readonly number[]> => {
  const written = (): readonly string[] => {
    try {
      return read('pids').trim().split('\n');
    } catch {
      return [];
    }
  };
  await until(() => written().length === count);
  return written().map(Number);
};

const failed = (command: string, error: string) => ({
  ...nothing,
  problems: [`PreToolUse:Bash hook [${command}] failed: ${error}`],
});

describe('a command', () => {
  test('gets one JSON object on stdin, the folder and the environment [HK-1]', async () => {
    const variables = '$CLAUDE_PROJECT_DIR $CLAUDECODE $SHOP_MODE $CLAUDE_CODE_SESSION_ID $CLAUDE_EFFORT';
    expect(await run(`cat > in; pwd -P > cwd; echo "${variables}" > env`)).toEqual(nothing);
    expect(read('in')).toBe(`${JSON.stringify(beforeBash('ls'))}\n`);
    expect(read('env')).toBe(`${cwd} 1 test session-1 low\n`);
    expect(read('cwd').trim().endsWith(cwd)).toBe(true);
  });

  test('runs in the shell, or without one where it has arguments [HK-1]', async () => {
    mkdirSync(file('bin'));
    writeFileSync(file('bin/show.sh'), '#!/bin/sh\nprintf "%s\\n" "$@" > shown\n', { mode: 0o755 });
    await run('"$CLAUDE_PROJECT_DIR"/bin/show.sh "$SHOP_MODE"');
    expect(read('shown')).toBe('test\n');
    await run('./bin/show.sh', { args: ['$HOME', 'a b', '${CLAUDE_PROJECT_DIR}/x'] });
    expect(read('shown')).toBe(`$HOME\na b\n${cwd}/x\n`);
  });

  test('blocks with exit code 2, and an answer blocks whatever the exit code [HK-1]', async () => {
    const [byCode, byAnswer] = ['echo no >&2; exit 2', 'echo \'{"decision":"block","reason":"no"}\'; exit 1'];
    expect((await run(byCode)).refusal).toBe(`PreToolUse:Bash hook error: [${byCode}]: no\n`);
    expect((await run(byAnswer)).refusal).toBe('PreToolUse:Bash hook error: no');
  });

  test('need not read its input [HK-1]', async () => {
    const { contexts } = await run('exec <&-; echo done', {}, onPrompt('x'.repeat(1_000_000)));
    expect(contexts).toEqual(['UserPromptSubmit hook success: done']);
  });

  test('that prints broken JSON has printed text [HK-1]', async () => {
    expect(await run('echo \'{"decision":"block",\'')).toEqual(nothing);
    expect((await run("echo '{bad'", {}, onPrompt('p'))).contexts).toEqual([
      'UserPromptSubmit hook success: {bad',
    ]);
  });

  test('sees values with any characters in the placeholders of the short form, and runs none of them [HK-1]', async () => {
    const evil = `a b'; touch pwned; echo "$(touch pwned)" \`touch pwned\` $HOME`;
    const call = { tool: 'Write', input: { file_path: evil }, id: 'call-1' };
    const command = `echo 'to: $file' >> log; echo "by: $tool" >> log; for w in $file; do echo "<$w>" >> log; done`;
    const { outcome } = startHooks({
      entries: hooksOf({ PreToolUse: [{ matcher: 'Write', command }] }),
      input: hookInput(session, 'PreToolUse', { call }),
      cwd,
      env: env(),
      runCommand: runBounded,
    });
    expect(await outcome).toEqual(nothing);
    expect(read('log')).toBe(`to: ${evil}\nby: Write\n<${evil}>\n`);
    expect(() => read('pwned')).toThrow('ENOENT');
  });
});

describe('a command that is not there', () => {
  test('any more lets things go on [HK-4]', async () => {
    expect((await run('./gone.sh')).problems[0]).toMatch(
      /^PreToolUse:Bash hook \[\.\/gone\.sh\] failed: .*not found$/,
    );
    expect(await run('./gone.sh', { args: [] })).toEqual(failed('./gone.sh', 'was not found'));
  });

  test('or whose folder is gone, is a failure and no more [HK-4]', async () => {
    const started = start('true');
    rmSync(cwd, { recursive: true });
    const after = await run('true');
    await started.outcome;
    expect(after).toEqual(failed('true', 'was not found'));
  });

  test('and may be forbidden to run, or kill itself [HK-4]', async () => {
    writeFileSync(file('check.sh'), 'exit 2', { mode: 0o644 });
    expect((await run('./check.sh')).problems[0]).toContain('Permission denied');
    expect(await run('kill -9 $$')).toEqual(failed('kill -9 $$', 'was ended by SIGKILL'));
  });
});

describe('at its time limit a command ends with all that it started', () => {
  const hang = 'echo $$ > pids; sleep 60 & echo $! >> pids; sleep 60 & echo $! >> pids; wait';

  test.each([
    ['children', hang],
    ['what ignores SIGTERM', `trap "" TERM; ${hang}; sleep 60; sleep 60`],
    [
      'a session of its own',
      'echo $$ > pids; setsid sh -c "echo \\$\\$ >> pids; sleep 60" & echo $! >> pids; wait',
    ],
    [
      'a session of its own that ignores SIGTERM',
      `echo $$ > pids; setsid sh -c "trap '' TERM; echo \\$\\$ >> pids; sleep 60; sleep 60" & echo $! >> pids; wait`,
    ],
    [
      'grandchildren',
      'echo $$ > pids; (sleep 60 & echo $! >> pids; (sleep 60 & echo $! >> pids; wait); wait)',
    ],
  ])('%s [HK-4]', async (_, command) => {
    const { outcome, runs } = start(command, { timeout: 3 });
    const started = await pids(3);
    expect(await outcome).toEqual(failed(command, 'did not end within 3 s'));
    expect(runs[0]?.outcome).toBe('cancelled');
    expect(started.map(isRunning)).toEqual([false, false, false]);
  });

  test('what forks all the time [HK-4]', async () => {
    const command = 'while :; do sleep 60 & echo $! >> pids; sleep 0.01; done';
    const { outcome } = start(command, { timeout: 1 });
    expect(await outcome).toEqual(failed(command, 'did not end within 1 s'));
    const started = read('pids').trim().split('\n').map(Number);
    expect(started.length).toBeGreaterThan(1);
    expect(started.filter(isRunning)).toEqual([]);
  });

  test('also when the exchange ends first [HK-4]', async () => {
    const exchange = new AbortController();
    const { outcome } = start(hang, {}, beforeBash('ls'), exchange.signal);
    const started = await pids(3);
    exchange.abort();
    expect(await outcome).toEqual(failed(hang, 'was stopped'));
    expect(started.map(isRunning)).toEqual([false, false, false]);
  });

  test('but what it leaves in the background is not waited for, and may go on until then [HK-1] [HK-4]', async () => {
    const command = 'sleep 60 & echo $! > pids; echo left';
    const { contexts } = await run(command, { timeout: 2 }, onPrompt('p'));
    expect(contexts).toEqual(['UserPromptSubmit hook success: left']);
    const [left = 0] = await pids(1);
    expect(isRunning(left)).toBe(true);
    await until(() => !isRunning(left));
  });

  test('it blocks there only with onFailure: "block" [HK-1] [HK-4]', async () => {
    const { refusal } = await run('sleep 60', { timeout: 0.1, onFailure: 'block' });
    expect(refusal).toBe('PreToolUse:Bash hook error: [sleep 60]: did not end within 0.1 s');
  });
});

describe('output', () => {
  test('beyond 64 KiB is dropped, and the exit code still counts [HK-4]', async () => {
    const command = 'head -c 1000000 /dev/zero | tr "\\0" x; echo no >&2; exit 2';
    expect((await run(command)).refusal).toBe(`PreToolUse:Bash hook error: [${command}]: no\n`);
  });

  test('of 64 KiB is read to its last character [HK-4]', async () => {
    const padded = `printf '{"decision":"block","reason":"no"}'; head -c 65501 /dev/zero | tr "\\0" " "`;
    expect((await run(padded)).refusal).toBe('PreToolUse:Bash hook error: no');
    const cut = `printf '{"decision":"block","reason":"'; head -c 65536 /dev/zero | tr "\\0" x; printf '"}'`;
    expect(await run(cut)).toEqual(
      failed(cut, 'its JSON answer is not valid: it is longer than the limit for output'),
    );
  });

  test('without end ends the command long before its time limit [HK-4]', async () => {
    const command = 'echo $$ > pids; yes';
    const { outcome } = start(command, { timeout: 600 });
    expect(await outcome).toEqual(failed(command, 'wrote more than 16777216 bytes'));
    expect((await pids(1)).map(isRunning)).toEqual([false]);
  });
});

describe('in the background', () => {
  const answer = '{"hookSpecificOutput":{"hookEventName":"PreToolUse","additionalContext":"note"}}';
  const words = { contexts: ['PreToolUse:Bash hook additional context: note'], messages: [] };

  test('a command that says {"async":true} first is not waited for, and answers later [HK-1]', async () => {
    const command = `echo '{"async":true}'; while [ ! -e go ]; do sleep 0.05; done; echo '${answer}'`;
    const { outcome, later } = start(command);
    expect(await outcome).toEqual(nothing);
    expect(later).toEqual([]);
    writeFileSync(file('go'), '');
    await until(() => later.length > 0);
    expect(later).toEqual([words]);
  });

  test('a command with async: true has the same time limit as others [HK-1] [HK-4]', async () => {
    const { outcome, runs } = start('echo $$ > pids; sleep 60', { async: true, timeout: 1.5 });
    expect(await outcome).toEqual(nothing);
    const started = await pids(1);
    await until(() => runs.length > 0);
    expect([runs[0]?.outcome, started.map(isRunning)]).toEqual(['cancelled', [false]]);
  });
});
