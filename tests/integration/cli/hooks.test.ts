import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCliPlace, type CliPlace } from './cli-place.ts';

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

const userFile = () => join(place.home, '.claude/settings.json');
const user = () => ({
  scope: 'user',
  family: 'claude',
  file: userFile(),
  baseDir: join(place.home, '.claude'),
});
const project = () => ({
  scope: 'project',
  family: 'claude',
  file: join(place.project, '.claude/settings.json'),
  baseDir: place.project,
});

const hooks = (...args: readonly string[]) => place.run(['hooks', ...args]);

describe('hooks list', () => {
  test('has every hook by event with its matcher, handler, time limit, file and trust [HK-5] [HK-3]', async () => {
    place.write({
      'home/.claude/settings.json': on('Stop', {
        ...{ type: 'http', url: 'http://127.0.0.1:1/stop', timeout: 3 },
        headers: { authorization: 'hunter2-hunter2' },
      }),
      'project/.claude/settings.json': on('PreToolUse', command('./check.sh'), 'Bash'),
      'project/.claude/settings.local.json': { hooks: { Stopp: [] } },
      'project/.claude/hooks/pre_input.py': 'print()',
    });
    const { exitCode, stdout, json } = await hooks('list', '--json');
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('hunter2');
    const defaults = { once: false, async: false, onFailure: 'report', index: 0, isDisabled: false };
    expect(json()).toEqual({
      workspace: place.project,
      hooks: [
        {
          ...{ ...defaults, number: 1, event: 'PreToolUse', matcher: 'Bash', timeoutMs: 600_000 },
          handler: { kind: 'command', command: './check.sh', placeholders: false },
          ...{ source: project(), trust: 'waiting' },
        },
        {
          ...{ ...defaults, number: 2, event: 'Stop', timeoutMs: 3_000, source: user(), trust: 'not-needed' },
          handler: {
            ...{ kind: 'http', url: 'http://127.0.0.1:1/stop', allowedEnvVars: [] },
            headers: { authorization: '[redacted]' },
          },
        },
      ],
      scripts: [
        {
          ...{ slot: 'pre_input', path: join(place.project, '.claude/hooks/pre_input.py'), trust: 'waiting' },
          source: { ...project(), file: join(place.project, '.claude/hooks') },
        },
      ],
      problems: [
        {
          source: {
            ...project(),
            scope: 'local',
            file: join(place.project, '.claude/settings.local.json'),
          },
          ...{ path: 'hooks.Stopp', reason: 'is not an event' },
        },
      ],
    });
  });

  test('tells people the same, what is broken first [HK-5]', async () => {
    place.write({
      'home/.claude/settings.json': on('Stop', command('say done', { timeout: 3 })),
      'project/.claude/settings.json': on('PreToolUse', command('./check.sh', { if: 'Bash(git *)' }), 'Bash'),
      'project/.claude/settings.local.json': { hooks: { Stopp: [] } },
    });
    expect((await hooks('list')).stdout).toBe(
      [
        'Left out, because they are broken',
        '  .claude/settings.local.json: hooks.Stopp is not an event',
        '',
        'PreToolUse',
        '  1  Bash if Bash(git *)  ./check.sh  600 s  project .claude/settings.json  waits for trust',
        '',
        'Stop',
        '  2  *  say done  3 s  user ~/.claude/settings.json',
        '',
      ].join('\n'),
    );
    await place.run(['trust', 'add', '--all', '--yes']);
    expect((await hooks('list')).stdout).toContain('project .claude/settings.json  trusted\n');
    expect((await hooks('list', '--workspace', place.home)).stdout).not.toContain('check.sh');
  });

  test('tells which hooks a setting switches off, and where there is none [HK-5]', async () => {
    expect((await hooks('list')).stdout).toBe('no hooks are configured here\n');
    place.write({
      'home/.claude/settings.json': { ...on('Stop', command('say done')), disableAllHooks: true },
    });
    expect((await hooks('list')).stdout).toMatch(/switched off by a setting\n$/);
  });
});

describe('hooks add', () => {
  test('writes into the file of the scope what the middleware then reads [HK-5]', async () => {
    const add = (...args: readonly string[]) => hooks('add', 'PreToolUse', './check.sh "$x"', ...args);
    expect((await add()).stdout).toBe('wrote ~/.claude/settings.json\n');
    expect((await add('--scope', 'project', '--matcher', 'Bash', '--timeout', '2.5')).stdout).toBe(
      'wrote .claude/settings.json\nit runs once you allow it: codex-plus trust add .claude/settings.json\n',
    );
    expect((await add('--scope', 'local')).stdout).toMatch(/^wrote \.claude\/settings\.local\.json\n/);
    const { json } = await hooks('list', '--json');
    const listed = (json() as { readonly hooks: readonly Readonly<Record<string, unknown>>[] }).hooks;
    expect(listed.map(({ matcher, timeoutMs, trust }) => ({ matcher, timeoutMs, trust }))).toEqual([
      { matcher: undefined, timeoutMs: 600_000, trust: 'waiting' },
      { matcher: 'Bash', timeoutMs: 2_500, trust: 'waiting' },
      { matcher: undefined, timeoutMs: 600_000, trust: 'not-needed' },
    ]);
    expect(place.read('home/.claude/settings.json')).toBe(
      `{
  "hooks": {
    "PreToolUse": [
      {
        "hooks": [
          {
            "type": "command",
            "command": "./check.sh \\"$x\\""
          }
        ]
      }
    ]
  }
}
`,
    );
  });

  test('keeps the form of the file: its indentation, line ends, mark and everything else [HK-5]', async () => {
    const before = [
      '\ufeff{',
      '\t"model" :   "gpt-5",',
      '\t"hooks": {',
      '\t\t"PreToolUse": [',
      '\t\t\t{ "matcher": "Bash", "hooks": [ { "type": "command", "command": "./one.sh" } ] },',
      '\t\t\t{ "matcher": "Edit", "hooks": [] }',
      '\t\t]',
      '\t},',
      '\t"env": {}',
      '}',
      '',
    ].join('\r\n');
    place.write({ 'home/.claude/settings.json': before });
    await hooks('add', 'PreToolUse', './two.sh', '--matcher', 'Edit');
    const after = place.read('home/.claude/settings.json');
    const lines = after.split('\r\n');
    expect(lines.slice(0, 5)).toEqual(before.split('\r\n').slice(0, 5));
    expect(lines.slice(-4)).toEqual(['\t},', '\t"env": {}', '}', '']);
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(JSON.parse(after.slice(1))).toEqual({
      model: 'gpt-5',
      hooks: {
        PreToolUse: [
          { matcher: 'Bash', hooks: [command('./one.sh')] },
          { matcher: 'Edit', hooks: [command('./two.sh')] },
        ],
      },
      env: {},
    });
  });

  test('puts a hook beside those of its matcher, and writes nothing twice [HK-5]', async () => {
    place.write({ 'home/.claude/settings.json': on('PreToolUse', command('./one.sh'), 'Bash') });
    const add = (line: string, matcher: string) =>
      hooks('add', 'PreToolUse', line, '--matcher', matcher).then(({ stdout }) => stdout);
    expect(await add('./two.sh', 'Bash')).toBe('wrote ~/.claude/settings.json\n');
    expect(await add('./two.sh', 'Edit')).toBe('wrote ~/.claude/settings.json\n');
    expect(await add('./two.sh', 'Bash')).toBe('~/.claude/settings.json has this hook already\n');
    expect(JSON.parse(place.read('home/.claude/settings.json'))).toEqual({
      hooks: {
        PreToolUse: [
          { matcher: 'Bash', hooks: [command('./one.sh'), command('./two.sh')] },
          { matcher: 'Edit', hooks: [command('./two.sh')] },
        ],
      },
    });
  });

  test('uses the file in .codex where only that one is there, so that it goes on to count [HK-5]', async () => {
    place.write({ 'project/.codex/settings.json': { model: 'gpt-5' } });
    const { stdout } = await hooks('add', 'Stop', 'echo', '--scope', 'project');
    expect(stdout).toMatch(/^wrote \.codex\/settings\.json\n/);
    expect((await place.run(['config', 'get', 'model'])).stdout).toBe('gpt-5\n');
    expect((await hooks('list')).stdout).toContain('project .codex/settings.json');
  });

  test('leaves a link a link [HK-5]', async () => {
    place.write({ 'dotfiles/settings.json': '{}' });
    mkdirSync(join(place.home, '.claude'));
    symlinkSync(join(place.root, 'dotfiles/settings.json'), userFile());
    await hooks('add', 'Stop', 'echo');
    expect(lstatSync(userFile()).isSymbolicLink()).toBe(true);
    expect(place.read('dotfiles/settings.json')).toContain('"Stop"');
  });

  test.each([
    ['{ "model": }', '~/.claude/settings.json:1:12: is not JSON: a value is expected; mend it first\n'],
    ['// mine\n{}', '~/.claude/settings.json:1:1: is not JSON: comments are not allowed; mend it first\n'],
    ['{"hooks":[]}', '~/.claude/settings.json: hooks is not an object; mend it first\n'],
    ['{"hooks":{"Stop":{}}}', '~/.claude/settings.json: hooks.Stop is not a list; mend it first\n'],
    [
      '{"hooks":{"PreToolUse":{}}}',
      '~/.claude/settings.json: hooks.PreToolUse must be a list, not object; no hook of this file is used; mend it first\n',
    ],
  ])('leaves %s as it is, and says what is wrong [HK-5]', async (text, reason) => {
    place.write({ 'home/.claude/settings.json': text });
    const { exitCode, stdout, stderr } = await hooks('add', 'Stop', 'echo');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr.replace(userFile(), '~/.claude/settings.json')).toBe(reason);
    expect(place.read('home/.claude/settings.json')).toBe(text);
  });

  test.each([
    [['Stopp', 'x']],
    [['Stop']],
    [['Stop', 'x', '--scope', 'enterprise']],
    [['Stop', 'x', '--timeout', '0']],
    [['Stop', 'x', '--timeout', 'soon']],
  ])('of %j is a wrong call [HK-5]', async (args) => {
    expect((await hooks('add', ...args)).exitCode).toBe(2);
    expect(existsSync(userFile())).toBe(false);
  });
});

describe('hooks remove', () => {
  test('takes out the hook with a number of the list, and leaves the rest of the file as it is [HK-5]', async () => {
    const before = [
      '{',
      '    "model": "gpt-5", "hooks": {',
      '        "Stop": [ { "hooks": [ { "type": "command", "command": "say done" } ] } ],',
      '        "PreToolUse": [',
      '            { "matcher": "Bash", "hooks": [',
      '                { "type": "command", "command": "./one.sh" },',
      '                { "type": "command", "command": "./two.sh", "timeout": 3 } ] },',
      '            { "matcher": "Edit", "command": "prettier $file" }',
      '        ]',
      '    }',
      '}',
    ].join('\n');
    place.write({ 'home/.claude/settings.json': before });
    const listed = async (): Promise<readonly string[]> =>
      (await hooks('list')).stdout.match(/\.\/one\.sh|\.\/two\.sh|prettier|say done/g) ?? [];
    expect(await listed()).toEqual(['./one.sh', './two.sh', 'prettier', 'say done']);
    expect((await hooks('remove', '2')).stdout).toBe(
      'removed PreToolUse ./two.sh from ~/.claude/settings.json\n',
    );
    expect(await listed()).toEqual(['./one.sh', 'prettier', 'say done']);
    expect(place.read('home/.claude/settings.json')).toContain(
      '    "model": "gpt-5", "hooks": {\n        "Stop"',
    );
    for (const left of [['prettier', 'say done'], ['say done'], []]) {
      await hooks('remove', '1');
      expect(await listed()).toEqual(left);
    }
    expect(JSON.parse(place.read('home/.claude/settings.json'))).toEqual({ model: 'gpt-5' });
  });

  test.each([
    '{}',
    '{"a":1}',
    '{"a": 1, "b": [1, 2]}\n',
    '{\n    "a": [ 1, 2 ]\n}\n',
    '{\r\n\t"b": 1,\r\n\t"a": { "x": 2 }\r\n}\r\n',
    '{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"x"}]}]}}',
    '{\n  "hooks": {\n    "Stop": [ { "hooks": [ { "type": "command", "command": "x" } ] } ]\n  },\n  "z": 1\n}\n',
  ])('of what was just added to %j gives back every byte [HK-5]', async (before) => {
    // Behind a link, so that a file that says nothing stays as well.
    place.write({ 'dotfiles/settings.json': before });
    mkdirSync(join(place.home, '.claude'));
    symlinkSync(join(place.root, 'dotfiles/settings.json'), userFile());
    await hooks('add', 'PreToolUse', './two.sh', '--matcher', 'Bash');
    const added = place.read('dotfiles/settings.json');
    expect(added).toContain('./two.sh');
    expect(added.trim().includes('\n')).toBe(before === '{}' || before.trim().includes('\n'));
    await hooks('remove', before.includes('"PreToolUse"') ? '2' : '1');
    expect(place.read('dotfiles/settings.json')).toBe(before);
  });

  test('takes the file away that only had the hook [HK-5]', async () => {
    await hooks('add', 'Stop', 'echo');
    await hooks('remove', '1');
    expect(existsSync(userFile())).toBe(false);
  });

  test('of what is not in the list fails [HK-5]', async () => {
    expect(await hooks('remove', '1')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('there is no hook 1') as unknown,
    });
  });
});
