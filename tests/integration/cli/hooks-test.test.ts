import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hookEvents } from '../../../middleware/features/hooks/hook-event.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { isRunning } from '../../support/is-running.ts';
import { until } from '../../support/until.ts';
import { createCliPlace, type CliPlace } from './cli-place.ts';
import { runInTerminal } from './terminal.ts';

let place: CliPlace;

beforeEach(() => {
  place = createCliPlace();
});

afterEach(() => {
  place.remove();
});

const command = (line: string, more: object = {}) => ({ type: 'command', command: line, ...more });
const on = (event: string, hook: object, matcher?: string) => ({
  hooks: { [event]: [{ ...(matcher === undefined ? {} : { matcher }), hooks: [hook] }] },
});

const user = () => ({
  scope: 'user',
  family: 'claude',
  file: join(place.home, '.claude/settings.json'),
  baseDir: join(place.home, '.claude'),
});
const hooks = (...args: readonly string[]) => place.run(['hooks', ...args]);

interface Tested {
  readonly input: Readonly<Record<string, unknown>>;
  readonly hooks: readonly {
    readonly number: number;
    readonly exitCode?: number;
    readonly outcome: string;
    readonly stdout: string;
    readonly result: Readonly<Record<string, unknown>>;
  }[];
  readonly skipped: readonly { readonly number: number; readonly reason: string }[];
}

/** What hooks that say nothing come to. */
const nothing = { feedback: [], contexts: [], instructions: [], messages: [], problems: [] };

describe('hooks test', () => {
  test('shows how a hook ended, what it decided, and what the model would be told [HK-5]', async () => {
    const line = 'echo seen; grep -q "rm -rf" && { echo "no rm here" >&2; exit 2; }; exit 0';
    place.write({ 'home/.claude/settings.json': on('PreToolUse', command(line), 'Bash') });
    const onCall = (bash: string, ...args: readonly string[]) =>
      hooks('test', 'PreToolUse', '--input', JSON.stringify({ command: bash }), ...args);
    const refused = await onCall('rm -rf /', '--json');
    expect(refused.exitCode).toBe(0);
    const refusal = `PreToolUse:Bash hook error: [${line}]: no rm here\n`;
    const tested = {
      ...{ number: 1, label: line, source: user(), ending: 'exited', durationMs: expect.any(Number) },
      stdout: 'seen\n',
    };
    expect(refused.json()).toEqual({
      event: 'PreToolUse',
      input: {
        ...{
          session_id: 'sample-session',
          transcript_path: '',
          cwd: place.project,
          prompt_id: 'sample-prompt',
        },
        ...{ permission_mode: 'default', hook_event_name: 'PreToolUse', tool_name: 'Bash' },
        ...{ tool_input: { command: 'rm -rf /' }, tool_use_id: 'toolu_sample' },
      },
      hooks: [
        {
          ...{ ...tested, exitCode: 2, outcome: 'blocked', stderr: 'no rm here\n' },
          result: { ...nothing, refusal, permission: { behavior: 'deny', text: refusal } },
        },
      ],
      skipped: [],
    });
    expect((await onCall('rm -rf /')).stdout).toMatch(
      /^PreToolUse of Bash in .*\n\n1 {2}echo seen.*\n {2}ended with exit code 2 after \d+ ms: blocked\n {2}stdout: seen\n {2}stderr: no rm here\n {2}refused: PreToolUse:Bash hook error: .*: no rm here\n$/,
    );
    const passed = await onCall('ls', '--json');
    expect(passed.json()).toMatchObject({
      hooks: [{ ...tested, exitCode: 0, outcome: 'success', stderr: '', result: nothing }],
    });
  });

  test('runs those that match the tool, and of several a single one [HK-5]', async () => {
    place.write({
      'home/.claude/settings.json': {
        hooks: {
          PreToolUse: [
            { matcher: 'Bash', hooks: [command('echo one'), command('echo two', { if: 'Bash(git *)' })] },
            { matcher: 'Edit|Write', hooks: [command('echo three')] },
            { hooks: [command('echo one')] },
          ],
        },
      },
    });
    const numbers = async (...args: readonly string[]) => {
      const { json } = await hooks('test', 'PreToolUse', '--json', ...args);
      return (json() as Tested).hooks.map(({ number }) => number);
    };
    expect(await numbers()).toEqual([1]);
    expect(await numbers('--input', '{"command":"cd x && git push"}')).toEqual([1, 2]);
    expect(await numbers('--tool', 'Write')).toEqual([3, 4]);
    expect(await numbers('--only', '4')).toEqual([4]);
    const { stdout } = await hooks('test', 'PreToolUse');
    expect(stdout).toContain(
      'Not run\n  4  echo one  (user ~/.claude/settings.json): the same command runs once\n',
    );
  });

  test('ends a hook at its time limit, and fails where a hook does [HK-5] [HK-4]', async () => {
    place.write({ 'home/.claude/settings.json': on('Stop', command('sleep 60', { timeout: 0.2 })) });
    const { exitCode, stderr, json } = await hooks('test', 'Stop', '--json');
    expect([exitCode, stderr]).toEqual([1, '1 of 1 hooks failed\n']);
    expect(json()).toMatchObject({
      hooks: [{ ending: 'timed-out', outcome: 'cancelled', error: 'did not end within 0.2 s' }],
    });
  });

  test('that is interrupted ends the processes of its hooks [HK-5] [HK-4]', async () => {
    place.write({ 'home/.claude/settings.json': on('Stop', command('echo $$ > pid; sleep 60; true')) });
    const child = spawn(
      process.execPath,
      [join(rootDir, 'middleware/cli/main.ts'), 'hooks', 'test', 'Stop'],
      {
        ...{ cwd: place.project, env: place.env, stdio: 'ignore' },
      },
    );
    const file = join(place.project, 'pid');
    await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
    const pid = Number(readFileSync(file, 'utf8'));
    expect(isRunning(pid)).toBe(true);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(isRunning(pid)).toBe(false);
  }, 30_000);

  test('waits for a hook that nothing would wait for, and tells what it says later [HK-5]', async () => {
    const answer = {
      hookSpecificOutput: { hookEventName: 'UserPromptSubmit', additionalContext: 'Be kind' },
    };
    const line = `sleep 0.1; echo '${JSON.stringify(answer)}'`;
    place.write({ 'home/.claude/settings.json': on('UserPromptSubmit', command(line, { async: true })) });
    const { exitCode, json } = await hooks('test', 'UserPromptSubmit', '--json');
    expect([exitCode, (json() as Tested).hooks[0]]).toMatchObject([
      0,
      {
        ...{ exitCode: 0, outcome: 'success', result: nothing },
        later: { contexts: ['UserPromptSubmit hook additional context: Be kind'], messages: [] },
      },
    ]);
  });

  test('gives the hook the environment of the middleware, without our keys [HK-5]', async () => {
    place.write({
      'home/.claude/settings.json': {
        ...on(
          'Stop',
          command('echo "$CLAUDE_PROJECT_DIR $MODE [$CODEX_PLUS_API_KEYS$OPENAI_API_KEY]$STOLEN"; cat'),
        ),
        env: { MODE: 'test' },
      },
      'home/.codexplus/settings.json': { env: { STOLEN: '${OPENAI_API_KEY:-}' } },
      'codex_plus.json': {
        providers: [
          {
            ...{ name: 'openai', baseUrl: 'https://api.example/v1', apiKeyEnv: 'OPENAI_API_KEY' },
            ...{ apis: ['chat'], models: {} },
          },
        ],
      },
    });
    const env = { ...place.env, CODEX_PLUS_API_KEYS: 'key-0123456789abcdef', OPENAI_API_KEY: 'k' };
    const { json } = await place.run(['hooks', 'test', 'Stop', '--json'], { env });
    const { input, hooks: tested } = json() as Tested;
    expect(tested[0]?.stdout).toBe(`${place.project} test []\n${JSON.stringify(input)}\n`);
  });

  test('has a sample for every event, and takes fields of it from the call [HK-5]', async () => {
    place.write({
      'home/.claude/settings.json': {
        hooks: Object.fromEntries(hookEvents.map((event) => [event, [{ hooks: [command('cat')] }]])),
      },
    });
    for (const event of hookEvents) {
      const { exitCode, json } = await hooks('test', event, '--json');
      const { input, hooks: tested } = json() as Tested;
      expect([event, exitCode, input['hook_event_name']]).toEqual([event, 0, event]);
      expect(tested[0]?.stdout).toBe(`${JSON.stringify(input)}\n`);
    }
    const { json } = await hooks(
      'test',
      'UserPromptSubmit',
      '--json',
      '--input',
      '{"prompt":"Hi","extra":1}',
    );
    expect((json() as Tested).input).toMatchObject({ prompt: 'Hi', extra: 1 });
  }, 60_000);

  test('posts to the address of an http hook, unless a setting forbids it [HK-5]', async () => {
    const bodies: string[] = [];
    const server = createServer((req, res) => {
      req.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      req.on('end', () => res.end('{"systemMessage":"seen"}'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/stop`;
      place.write({ 'home/.claude/settings.json': on('Stop', { type: 'http', url }) });
      const { exitCode, json } = await hooks('test', 'Stop', '--json');
      const { input, hooks: tested } = json() as Tested;
      expect([exitCode, bodies]).toEqual([0, [JSON.stringify(input)]]);
      expect(tested[0]?.result).toEqual({ ...nothing, messages: ['Stop says: seen'] });
      place.write({
        'home/.claude/settings.json': {
          ...on('Stop', { type: 'http', url }),
          allowedHttpHookUrls: ['https://hooks.example/*'],
        },
      });
      const forbidden = await hooks('test', 'Stop');
      expect([forbidden.exitCode, forbidden.stderr, bodies.length]).toEqual([1, 'no hook was run\n', 1]);
      expect(forbidden.stdout).toContain('allowedHttpHookUrls does not have its address');
    } finally {
      server.close();
    }
  });

  test('asks no model and calls no tool [HK-5]', async () => {
    place.write({
      'home/.claude/settings.json': {
        hooks: {
          Stop: [
            {
              hooks: [
                { type: 'prompt', prompt: 'Is it done?' },
                { type: 'agent', prompt: 'Look whether it is done' },
                { type: 'mcp_tool', server: 's', tool: 't' },
              ],
            },
          ],
        },
      },
    });
    const { exitCode, json } = await hooks('test', 'Stop', '--json');
    const skipped = (json() as Tested).skipped.map(({ reason }) => reason);
    const needsModel = expect.stringContaining('it asks the model of a session');
    expect([exitCode, skipped]).toEqual([1, [needsModel, needsModel, 'a test calls no MCP tool']]);
  });

  test.each([
    [['Stop'], 1, 'no configured hook runs on Stop\n'],
    [['PreToolUse', '--tool', 'Edit'], 1, 'no configured hook runs on PreToolUse of Edit\n'],
    [
      ['PreToolUse', '--only', '7'],
      1,
      'hook 7 does not run on PreToolUse of Bash; see: codex-plus hooks list\n',
    ],
    [['PreTolUse'], 2, /Did you mean PreToolUse\?/],
    [['Nothing'], 2, /Events are PreToolUse, /],
    [['PreToolUse', '--input', '{'], 2, /It is not JSON/],
    [['PreToolUse', '--input', '[]'], 2, /It must be a JSON object/],
    [['PreToolUse', '--only', '0'], 2, /It must be a number of codex-plus hooks list/],
  ])('of %j fails and says why [HK-5]', async (args, exitCode, reason) => {
    place.write({ 'home/.claude/settings.json': on('PreToolUse', command('echo'), 'Bash') });
    const { stdout, stderr, ...result } = await hooks('test', ...args);
    expect([result.exitCode, stdout]).toEqual([exitCode, '']);
    if (typeof reason === 'string') expect(stderr).toBe(reason);
    else expect(stderr).toMatch(reason);
  });
});

describe('hooks test of a project', () => {
  const mark = () => join(place.project, 'ran');

  beforeEach(() => {
    place.write({
      'project/.claude/settings.json': on('Stop', command('touch ran; echo "$KEY"; cat /etc/hostname')),
    });
  });

  test('does not run what nobody allowed, nor asks where nobody can be asked [HK-5] [HK-3]', async () => {
    const { exitCode, stdout, stderr } = await hooks('test', 'Stop');
    expect([exitCode, stderr]).toEqual([1, 'no hook was run\n']);
    expect(stdout).toMatch(/Not run\n {2}1 {2}touch ran.*: waits for trust\n$/);
    expect(await hooks('test', 'Stop', '--allow-untrusted')).toMatchObject({
      ...{ exitCode: 2, stdout: '' },
      stderr: 'nobody can be asked here: allow it first with codex-plus trust add\n',
    });
    expect(existsSync(mark())).toBe(false);
  });

  test('runs what was allowed, in the sandbox as the middleware does [HK-5] [HK-3] [HK-4]', async () => {
    await place.run(['trust', 'add', '--all', '--yes']);
    const env = { ...place.env, KEY: 'secret-of-the-user' };
    const { exitCode, json } = await place.run(['hooks', 'test', 'Stop', '--json'], { env });
    expect(exitCode).toBe(0);
    expect((json() as Tested).hooks[0]?.stdout).not.toContain('secret');
    expect(existsSync(mark())).toBe(true);
  });

  test('runs once what a person says yes to in a terminal, and keeps nothing [HK-5] [HK-3] [SEC-4]', async () => {
    const run = (answer: string) =>
      runInTerminal(place, ['hooks', 'test', 'Stop', '--allow-untrusted'], [answer]);
    const refused = await run('n');
    expect([refused.exitCode, existsSync(mark())]).toEqual([1, false]);
    expect(refused.screen).toContain('wants to run a hook for Stop:');
    const allowed = await run('y');
    expect([allowed.exitCode, existsSync(mark())]).toEqual([0, true]);
    expect((await hooks('list')).stdout).toContain('waits for trust');
  }, 90_000);
});
