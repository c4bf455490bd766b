import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;

beforeEach(() => {
  place = createCliPlace();
});

afterEach(() => {
  place.remove();
});

describe('codex-plus where nothing can be written', () => {
  const hook = ['hooks', 'add', 'Stop', 'true'];
  const claude = ['init', '--yes', '--no-codex', '--claude', '--url', 'http://127.0.0.1:3000'];

  for (const args of [hook, claude, [...claude.slice(0, 3), '--sdk', '--url', 'http://127.0.0.1:3000']]) {
    test(`${args.join(' ')} ends with 1 and one line that names the file and the reason [OPS-4]`, async () => {
      // A home that is a file: nobody can write below it, root neither.
      place.write({ nobody: '' });
      const home = join(place.root, 'nobody');
      const { exitCode, stderr } = await place.run(args, { home, env: { ...place.env, HOME: home } });
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringMatching(/^\/\S+nobody\/\S+[:\s][^\n]*ENOTDIR[^\n]*\n$/),
      ]);
    });
  }

  const odd = process.platform === 'linux' ? [['/proc/none', 'ENOENT']] : [];
  for (const args of [['start'], ['start', '--detach']]) {
    for (const [state = '', code = ''] of [['nobody', 'EEXIST'], ['nobody/state', 'ENOTDIR'], ...odd]) {
      test(`${args.join(' ')} tells that ${state} can be no state folder, and ends with 1 [OPS-4]`, async () => {
        place.write({ nobody: '' });
        const stateDir = resolve(place.root, state);
        const env = { ...place.env, CODEX_PLUS_STATE_DIR: stateDir, CODEX_PLUS_PORT: '1' };
        const { exitCode, stderr } = await place.run(args, { env });
        expect([exitCode, stderr.split('\n')[0]]).toEqual([
          1,
          `environment: CODEX_PLUS_STATE_DIR: ${stateDir} is no folder and cannot become one (${code}): name another`,
        ]);
      });
    }
  }
});

describe('codex-plus where there can be no folder of state', () => {
  const odd = process.platform === 'linux' ? [['/proc/self/none', 'ENOENT']] : [];
  for (const args of [
    ...[['trust'], ['trust', 'list'], ['trust', 'add', '--all', '--yes'], ['trust', 'remove', '--all']],
    ['hooks', 'list'],
  ]) {
    for (const [state = '', code = ''] of [
      ['nobody', 'EEXIST'],
      ['nobody/state/deeper', 'ENOTDIR'],
      ['nowhere', 'EEXIST'],
      ['/dev/null', 'EEXIST'],
      ...odd,
    ]) {
      test(`${args.join(' ')} ends with 1 and says so: ${state} [OPS-4]`, async () => {
        place.write({ nobody: '' });
        symlinkSync('missing', join(place.root, 'nowhere'));
        const stateDir = resolve(place.root, state);
        const env = { ...place.env, CODEX_PLUS_STATE_DIR: stateDir };
        const { exitCode, stdout, stderr } = await place.run(args, { env });
        expect([exitCode, stdout, stderr]).toEqual([
          1,
          '',
          `environment: CODEX_PLUS_STATE_DIR: ${stateDir} is no folder and cannot become one (${code}): name another\n`,
        ]);
      });
    }
  }

  test('trust list makes none where there is none yet [OPS-4]', async () => {
    const stateDir = join(place.root, 'to', 'come');
    const env = { ...place.env, CODEX_PLUS_STATE_DIR: stateDir };
    expect(await place.run(['trust', 'list'], { env })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(existsSync(join(place.root, 'to'))).toBe(false);
  });

  test('trust list puts aside what is no file, and does not wait for it [OPS-4]', async () => {
    mkdirSync(place.stateDir, { recursive: true });
    execFileSync('mkfifo', [join(place.stateDir, 'trust.json')]);
    const { exitCode, stderr } = await place.run(['trust', 'list']);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('reason=it is no file')]);
  });
});

describe('codex-plus init --claude', () => {
  const init = ['init', '--yes', '--no-codex', '--claude', '--url', 'http://127.0.0.1:3000'];
  const settings = 'home/.claude/settings.json';

  for (const before of [
    '{"model":"opus"}',
    '{ "env": {"A":"1"}, "model": "opus" }',
    '{\n  "env": { "A": "1" },\n  "model": "opus"\n}\n',
    '{}',
    '{ "env": {} }',
    '{ "env": { "ENABLE_TOOL_SEARCH": "auto" } }',
  ]) {
    test(`puts its member on a line of its own into ${before}, and takes it out again [CFG-4] [OPS-4]`, async () => {
      place.write({ [settings]: before });
      expect((await place.run(init)).exitCode).toBe(0);
      const after = place.read(settings);
      const { env, ...others } = JSON.parse(after) as Record<string, object>;
      expect(env).toMatchObject({
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:3000',
        ENABLE_TOOL_SEARCH: before.includes('"auto"') ? 'auto' : 'true',
      });
      expect(after.match(/ENABLE_TOOL_SEARCH/g)).toHaveLength(1);
      expect({ env, ...others }).toMatchObject(JSON.parse(before) as object);
      const [line = ''] = /.*ANTHROPIC_BASE_URL.*/.exec(after) ?? [];
      expect(line).toMatch(
        /^\s*(?:"env": \{ )?"ANTHROPIC_BASE_URL": "http:\/\/127\.0\.0\.1:3000"(?: \})?,?$/,
      );
      expect((await place.run(['uninstall', '--yes'])).exitCode).toBe(0);
      expect(place.read(settings)).toBe(before);
    });
  }

  test('takes no file with comments, which nobody would read afterwards, and names the line [CFG-4]', async () => {
    const text = '{\n  // mine\n  "model": "opus"\n}\n';
    place.write({ [settings]: text });
    const { exitCode, stderr } = await place.run(init);
    expect([exitCode, stderr]).toEqual([
      1,
      `${place.root}/${settings}, line 2: JSON has no comments; mend it first\n`,
    ]);
    expect(place.read(settings)).toBe(text);
    expect(existsSync(join(place.home, '.codexplus'))).toBe(false);
  });
});

describe('codex-plus tells what was likely meant', () => {
  for (const [key, meant] of [
    ['server.prot', 'server.port'],
    ['permissions.alow', 'permissions.allow'],
    ['disableAllHook', 'disableAllHooks'],
    ['drainTimeoutMs', 'server.drainTimeoutMs'],
  ] as const) {
    test(`config get ${key} asks whether ${meant} was meant [CFG-3]`, async () => {
      const { exitCode, stderr } = await place.run(['config', 'get', key]);
      expect([exitCode, stderr]).toEqual([1, `${key} is not set; did you mean ${meant}?\n`]);
    });
  }

  test('a setting with two letters swapped is told with the right one [CFG-2]', async () => {
    place.write({ 'codex_plus.json': { server: { prot: 3000 } } });
    expect((await place.run(['status'])).stderr).toContain('did you mean "port"?');
  });

  test('config list tells hooks that cannot run [CFG-3]', async () => {
    place.write({ 'home/.claude/settings.json': { hooks: { Stop: [{ hooks: [{ type: 'nothing' }] }] } } });
    const { stdout } = await place.run(['config', 'list']);
    expect(stdout).toMatch(/^Problems\n {2}~\/\.claude\/settings\.json: hooks\.Stop\[0\]\.hooks\[0\]/);
  });

  test('config list --help names no default that says nothing [CFG-3]', async () => {
    expect((await place.run(['config', 'list', '--help'])).stdout).not.toContain('[]');
  });

  test('commands preview takes no word of a shell line for a file [CMD-5]', async () => {
    place.write({ 'home/.claude/commands/log.md': 'See @a.txt: !`git log @{u}.. @b`\n' });
    const { stdout } = await place.run(['commands', 'preview', '--json', '/log']);
    expect(JSON.parse(stdout)).toMatchObject({
      shellLines: [{ command: 'git log @{u}.. @b' }],
      fileReferences: ['a.txt'],
    });
  });
});
