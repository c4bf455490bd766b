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

const user = () => ({
  scope: 'user',
  family: 'claude',
  file: join(place.home, '.claude/settings.json'),
  baseDir: join(place.home, '.claude'),
});

const project = () => ({
  scope: 'project',
  family: 'claude',
  file: join(place.project, '.claude/settings.json'),
  baseDir: place.project,
});

const local = () => ({
  ...project(),
  scope: 'local',
  file: join(place.project, '.claude/settings.local.json'),
});

const commandLine = () => ({ ...project(), scope: 'cli', file: 'command line' });

/** Settings that disagree, one broken file, one broken rule and one setting that must not count. */
function writeSettings(): void {
  place.write({
    'home/.claude/settings.json': { model: 'gpt-4', permissions: { allow: ['Bash(ls)'] } },
    'project/.claude/settings.json': {
      model: 'gpt-5',
      permissions: { allow: ['Bash(npm test)', 'Bash('], defaultMode: 'bypassPermissions' },
    },
    'project/.claude/settings.local.json': '{\n  "model":\n}',
  });
}

const brokenFile = () => ({
  ...{ file: local().file, scope: 'local', path: '', leftOut: 'file' },
  ...{ line: 3, column: 1, reason: 'is not JSON: a value is expected' },
});

const brokenRule = () => ({
  ...{ file: project().file, scope: 'project', path: 'permissions.allow[1]', leftOut: 'entry' },
  ...{ line: 1, column: 59, reason: 'must be a rule such as Bash(npm run *); it is left out' },
});

const ignoredMode = () => ({
  key: 'permissions.defaultMode',
  source: project(),
  reason: 'a file in the project cannot switch permissions off',
});

describe('config list', () => {
  test('has every value with its source and what it overrode, and what is broken with its place [CFG-3]', async () => {
    writeSettings();
    const { exitCode, stderr, json } = await place.run(['config', 'list', '--json']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const { middleware, ...view } = json() as { readonly middleware: unknown };
    expect(view).toEqual({
      workspace: place.project,
      home: place.home,
      problems: [brokenFile(), brokenRule()],
      idleRules: [],
      settings: [
        {
          ...{ key: 'model', value: 'gpt-5', source: project() },
          overridden: [{ value: 'gpt-4', source: user() }],
        },
        { key: 'permissions.allow[0]', value: 'Bash(npm test)', source: project(), overridden: [] },
        { key: 'permissions.allow[1]', value: 'Bash(ls)', source: user(), overridden: [] },
      ],
      ignored: [ignoredMode()],
    });
    expect(middleware).toMatchObject({ file: place.env['CODEX_PLUS_CONFIG'], faults: [] });
  });

  test('shows people the problems first, and paths as they would write them [CFG-3]', async () => {
    writeSettings();
    const { stdout } = await place.run(['config', 'list']);
    expect(stdout.split('The middleware itself')[0]).toBe(
      [
        'Problems',
        '  .claude/settings.local.json:3:1: is not JSON: a value is expected; nothing of this file counts',
        '  .claude/settings.json:1:59: permissions.allow[1]: must be a rule such as Bash(npm run *); it is left out',
        '',
        `Settings for ${place.project}`,
        '  model                 "gpt-5"           project .claude/settings.json  over "gpt-4" (user ~/.claude/settings.json)',
        '  permissions.allow[0]  "Bash(npm test)"  project .claude/settings.json',
        '  permissions.allow[1]  "Bash(ls)"        user ~/.claude/settings.json',
        '',
        'What does not count',
        '  permissions.defaultMode  project .claude/settings.json  a file in the project cannot switch permissions off',
        '',
        '',
      ].join('\n'),
    );
  });

  test('has the values of the middleware itself: of a variable, of the file, or the default [CFG-3]', async () => {
    place.write({
      'codex_plus.json': {
        server: { port: 1234, keepaliveMs: 20_000 },
        providers: [
          { name: 'openai', baseUrl: 'https://api.example/v1', apiKeyEnv: 'K', apis: ['chat'], models: {} },
        ],
      },
    });
    const env = { ...place.env, CODEX_PLUS_PORT: '4321', OPENAI_API_BASE: 'http://127.0.0.1:1' };
    const { json } = await place.run(['config', 'list', '--json'], { env });
    const { rows } = (json() as { readonly middleware: { readonly rows: readonly { key: string }[] } })
      .middleware;
    const source = { kind: 'file', file: place.env['CODEX_PLUS_CONFIG'] };
    const shown = ['server.host', 'server.port', 'server.keepaliveMs', 'providers[0].baseUrl', 'stateDir'];
    expect(rows.filter(({ key }) => shown.includes(key))).toEqual([
      {
        ...{ key: 'server.port', value: 4321, source: { kind: 'variable', name: 'CODEX_PLUS_PORT' } },
        overridden: [{ value: 1234, source }],
      },
      { key: 'server.keepaliveMs', value: 20_000, source, overridden: [] },
      { key: 'server.host', value: '127.0.0.1', source: { kind: 'default' }, overridden: [] },
      {
        ...{ key: 'providers[0].baseUrl', value: 'http://127.0.0.1:1/v1' },
        source: { kind: 'variable', name: 'OPENAI_API_BASE' },
        overridden: [{ value: 'https://api.example/v1', source }],
      },
      {
        ...{ key: 'stateDir', value: place.stateDir, overridden: [] },
        source: { kind: 'variable', name: 'CODEX_PLUS_STATE_DIR' },
      },
    ]);
  });

  test('tells why the middleware would not start, and shows the rest [CFG-3] [CFG-2]', async () => {
    place.write({ 'codex_plus.json': { server: { prt: 1 } }, 'home/.claude/settings.json': { model: 'm' } });
    const { exitCode, stdout } = await place.run(['config', 'list']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Problems\n {2}\S*codex_plus\.json: server\.prt: is not a setting; did you mean "port"\?; the middleware does not start with it\n/,
    );
    expect(stdout).toContain('"m"');
    place.write({ 'codex_plus.json': '{' });
    expect((await place.run(['config', 'list'])).stdout).toMatch(
      /^Problems\n.*codex_plus\.json: .*is not JSON/,
    );
  });

  test('is of the folder that is named [CFG-3]', async () => {
    place.write({
      'project/.claude/settings.json': { model: 'here' },
      'other/.claude/settings.json': { model: 'there' },
    });
    expect((await place.run(['config', 'get', 'model', '--workspace', '../other'])).stdout).toBe('there\n');
    expect(await place.run(['config', 'list', '--workspace', 'nowhere'])).toMatchObject({
      ...{ exitCode: 2, stdout: '' },
      stderr: `${join(place.project, 'nowhere')} is not a folder\n`,
    });
  });

  test('shows no secret, and nothing of a project hides in it [CFG-3]', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    place.write({
      'codex_plus.json': { server: { apiKeys: [secret, { name: 'ann', key: secret }] } },
      'home/.claude/settings.json': { env: { DB_PASSWORD: secret }, apiKey: secret },
      'project/.claude/settings.json': { env: { LOOKS: 'safe\u202e\u0007' } },
      'project/.mcp.json': { mcpServers: { db: { command: 'db', args: ['--token', secret] } } },
    });
    const outputs = await Promise.all(
      [
        ['config', 'list'],
        ['config', 'list', '--json'],
        ['config', 'get', 'env.DB_PASSWORD'],
        ['config', 'get', 'server.apiKeys'],
        ['config', 'explain', 'mcpServers'],
      ].map((args) => place.run(args)),
    );
    expect(outputs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(secret);
    expect(outputs[2]?.stdout).toBe('[redacted]\n');
    expect(outputs[0]?.stdout).toContain('safe\\u{202e}');
  });
});

describe('config get', () => {
  test('prints one value as it is, and lists as JSON [CFG-3]', async () => {
    writeSettings();
    const get = async (...args: readonly string[]) => (await place.run(['config', 'get', ...args])).stdout;
    expect(await get('model')).toBe('gpt-5\n');
    expect(await get('model', '--json')).toBe('"gpt-5"\n');
    expect(JSON.parse(await get('permissions.allow'))).toEqual(['Bash(npm test)', 'Bash(ls)']);
    expect(await get('permissions.allow[1]')).toBe('Bash(ls)\n');
    expect(await get('server.port')).toBe('3000\n');
  });

  test.each([
    ['modell', 'modell is not set; did you mean model?'],
    ['permissions', 'permissions is not one setting; there are permissions.allow[0], permissions.allow[1]'],
    [
      'permissions.defaultMode',
      'permissions.defaultMode does not count; see: codex-plus config explain permissions.defaultMode',
    ],
  ])('of %s fails and says why [CFG-3]', async (key, reason) => {
    writeSettings();
    const { exitCode, stdout, stderr } = await place.run(['config', 'get', key]);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: '', stderr: `${reason}\n` });
  });

  test('without a key is a wrong call [CFG-3]', async () => {
    expect((await place.run(['config', 'get'])).exitCode).toBe(2);
  });
});

describe('config explain', () => {
  test('tells the source of a value and everything that it won over, the strongest first [CFG-3]', async () => {
    writeSettings();
    const args = ['config', 'explain', 'model', '--settings', '{"model":"gpt-6"}'];
    expect((await place.run(args)).stdout).toBe(
      [
        'model = "gpt-6"',
        '  from command line',
        '  over "gpt-5" from project .claude/settings.json',
        '  over "gpt-4" from user ~/.claude/settings.json',
        '',
      ].join('\n'),
    );
    expect((await place.run([...args, '--json'])).json()).toEqual({
      key: 'model',
      kind: 'value',
      rows: [
        {
          ...{ key: 'model', value: 'gpt-6', source: commandLine() },
          overridden: [
            { value: 'gpt-5', source: project() },
            { value: 'gpt-4', source: user() },
          ],
        },
      ],
      ignored: [],
      problems: [],
    });
  });

  test('tells what was taken away and what is broken [CFG-3]', async () => {
    writeSettings();
    const { exitCode, json } = await place.run(['config', 'explain', 'permissions', '--json']);
    expect(exitCode).toBe(0);
    expect(json()).toMatchObject({ kind: 'section', ignored: [ignoredMode()], problems: [brokenRule()] });
    expect((await place.run(['config', 'explain', 'permissions.defaultMode'])).stdout).toBe(
      'does not count: permissions.defaultMode of project .claude/settings.json: a file in the project cannot switch permissions off\n',
    );
  });
});

describe('--settings', () => {
  test('takes a file of the folder that the call stands in; the last of several is the strongest [CFG-3]', async () => {
    place.write({ 'project/more.json': { model: 'of the file' } });
    const get = (...settings: readonly string[]) =>
      place.run(['config', 'get', 'model', ...settings.flatMap((value) => ['--settings', value])]);
    expect((await get('more.json')).stdout).toBe('of the file\n');
    expect((await get('{"model":"first"}', 'more.json')).stdout).toBe('of the file\n');
    expect((await get('more.json', '{"model":"last"}')).stdout).toBe('last\n');
  });

  test('that is missing or broken ends the call [CFG-3]', async () => {
    const run = async (value: string) => {
      const { exitCode, stderr } = await place.run(['config', 'list', '--settings', value]);
      return { exitCode, stderr };
    };
    expect(await run('none.json')).toEqual({
      exitCode: 1,
      stderr: `${join(place.project, 'none.json')}: is missing\n`,
    });
    expect(await run('{"model":}')).toEqual({
      exitCode: 1,
      stderr: '--settings: line 1, column 10: is not JSON: a value is expected\n',
    });
  });
});
