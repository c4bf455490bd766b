import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runCli } from '../../middleware/cli/program.ts';
import { syncStubs } from '../../middleware/features/commands/stubs/sync-stubs.ts';
import { codexProgram } from '../support/codex-program.ts';
import { composeMiddleware, rootDir, type ComposedMiddleware } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../support/fake-upstream/step.ts';
import { makeCodexHome } from '../support/run-codex.ts';
import { until } from '../support/until.ts';

const twoMinutes = 120_000;
const ownConfig = '# my settings\nmodel = "gpt-6.1-sol" # the good one\n\n[tui]\ntheme = "dark"';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
});

afterAll(async () => {
  await upstream.close();
});

type CodexHome = Awaited<ReturnType<typeof makeCodexHome>>;

describe('codex-plus init with the real Codex CLI', () => {
  let codex: CodexHome;
  let env: Record<string, string>;
  let bin: string;

  beforeEach(async () => {
    codex = await makeCodexHome({ 'config.toml': ownConfig });
    bin = join(codex.folder, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'codex'), `#!/bin/sh\nexec ${process.execPath} ${codexProgram} "$@"\n`, {
      mode: 0o755,
    });
    env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: codex.folder, CODEX_HOME: codex.home };
    upstream.forget();
    upstream.use(() => says('hello'));
    middleware = await composeMiddleware(
      upstream.url,
      { ...env, CODEX_PLUS_STATE_DIR: join(codex.folder, 'state') },
      codex.folder,
    );
  });

  afterEach(async () => {
    await middleware.close();
    await codex.remove();
  });

  async function cli(...args: string[]): Promise<{ code: number; text: string }> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    let text = '';
    for (const stream of [stdout, stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const context = {
      rootDir,
      cwd: codex.workspace,
      home: codex.folder,
      env,
      stdout,
      stderr,
      stdin: process.stdin,
      isInteractive: false,
    };
    return { code: await runCli(args, context, '0.0.0'), text };
  }

  const init = (): ReturnType<typeof cli> => cli('init', '--yes', '--url', middleware.url);
  const config = (): Promise<string> => readFile(join(codex.home, 'config.toml'), 'utf8');

  test(
    'a turn goes through us, init again changes nothing, and uninstall gives back every byte [CFG-4] [OPS-4] [CMD-6]',
    async () => {
      const first = await init();
      expect(first.code).toBe(0);
      expect(first.text).toContain('+model_provider = "codex-plus"');
      // All of it is shown: each line that was written stands in the diff.
      const shown = new Set(first.text.split('\n').map((line) => line.replace(/^[+ ]/, '')));
      const written = (await config()).split('\n').filter((line) => !ownConfig.includes(line));
      expect(written.filter((line) => !shown.has(line))).toEqual([]);
      expect(written.filter((line) => line.startsWith('trusted_hash'))).toHaveLength(2);
      expect(first.text).not.toContain('Index:');
      const run = await codex.exec(['say hello'], env);
      expect(run.messages).toEqual(['hello']);
      expect(upstream.requests.at(-1)?.json?.['model']).toBe('gpt-5');
      expect(run.errors).toEqual([]);
      // The served catalogue: no warning, and the tool that applies patches.
      const tools = upstream.requests.at(-1)?.json?.['tools'] as { name?: string }[];
      expect(tools.map(({ name }) => name)).toContain('apply_patch');

      const before = await config();
      expect((await init()).text).toContain('nothing was written');
      expect(await config()).toBe(before);

      await writeFile(
        join(codex.home, 'config.toml'),
        `${before}\n# added later\n[history]\npersistence = "none"\n`,
      );
      const undone = await cli('uninstall', '--yes');
      expect(undone.code).toBe(0);
      expect(await config()).toBe(`${ownConfig}\n# added later\n[history]\npersistence = "none"\n`);
      expect(existsSync(join(codex.home, 'skills', 'help'))).toBe(false);
      expect(existsSync(join(codex.folder, '.codexplus'))).toBe(false);
    },
    twoMinutes,
  );

  test(
    'a provider that is broken is called 12 times for one prompt, not 30 times, and is told by its words [CFG-4]',
    async () => {
      await init();
      upstream.use(() => status(500, { error: { message: 'broken' } }));
      const run = await codex.exec(['say hello'], env);
      expect(run.exitCode).toBe(1);
      expect(upstream.requests).toHaveLength(12);
      expect(run.errors.at(-1)).toContain('broken');
      expect(run.errors.join()).not.toContain('high demand');
      expect((await cli('status', '--url', middleware.url)).text).toMatch(
        /^failing +gpt-5: 12 calls failed since the last that worked, the last at \S+Z with status 502$/m,
      );
    },
    twoMinutes,
  );

  test(
    'a model that nobody here answers for is refused before anything is written [CFG-4]',
    async () => {
      const file = join(codex.folder, 'litellm_config.yaml');
      await writeFile(
        file,
        'model_list:\n  - model_name: house\n    litellm_params: { model: openai/gpt-5, api_key: os.environ/OPENAI_API_KEY }\n',
      );
      env['CODEX_PLUS_LITELLM_CONFIG'] = file;
      const refused = await cli('init', '--yes', '--model', 'nope');
      expect(refused.code).toBe(2);
      expect(refused.text).toContain('there is no model "nope"; there are house');
      expect(await config()).toBe(ownConfig);
      // What a middleware at another address serves is not known here.
      const elsewhere = await cli('init', '--yes', '--model', 'nope', '--url', middleware.url);
      expect(elsewhere.code).toBe(0);
      expect(await config()).toContain('model = "nope"');
      expect((await cli('init', '--yes', '--model', 'house')).code).toBe(0);
      expect(await config()).toContain('model = "house"');
    },
    twoMinutes,
  );

  test(
    'Codex sees that our tools ask for no login [CFG-4]',
    async () => {
      await init();
      const { stdout } = await promisify(execFile)(join(bin, 'codex'), ['mcp', 'list'], {
        cwd: codex.workspace,
        env: { ...env, NO_PROXY: '127.0.0.1' },
      });
      expect(stdout).toMatch(/^codexplus .* Unsupported *$/m);
    },
    twoMinutes,
  );

  test(
    'uninstall right after init leaves exactly what was there [CFG-4] [OPS-4]',
    async () => {
      await init();
      await cli('uninstall', '--yes');
      expect(await config()).toBe(ownConfig);
      expect((await cli('uninstall', '--yes')).text).toBe('nothing is installed\n');
    },
    twoMinutes,
  );

  test(
    'a model that was chosen in Codex stays, through another init and through uninstall [CFG-4] [OPS-4]',
    async () => {
      await init();
      const chosen = (await config()).replace('model = "gpt-5"\n', 'model = "gpt-4"\n');
      await writeFile(join(codex.home, 'config.toml'), chosen);
      expect((await init()).code).toBe(0);
      expect(await config()).toMatch(/^model = "gpt-4"$/m);
      expect((await init()).text).toContain('nothing was written');
      const undone = await cli('uninstall', '--yes');
      expect(undone.code).toBe(0);
      expect(undone.text).toContain(
        'line 1: model = "gpt-4" stays, as it was chosen since init (before, it was "gpt-6.1-sol")',
      );
      expect(await config()).toBe('model = "gpt-4"\n\n# my settings\n\n[tui]\ntheme = "dark"\n');
    },
    twoMinutes,
  );

  test(
    'a configuration that was broken since is told by its line, left alone, and can be taken back later [OPS-4]',
    async () => {
      await init();
      const installed = await config();
      const broken = `${installed}\nbroken =\n`;
      await writeFile(join(codex.home, 'config.toml'), broken);
      const line = broken.split('\n').indexOf('broken =') + 1;
      const refused = await cli('uninstall', '--yes');
      expect(refused.code).toBe(1);
      expect(refused.text).toContain(`config.toml, line ${line}: is not TOML`);
      expect(await config()).toBe(broken);
      expect(existsSync(join(codex.home, 'skills', 'help'))).toBe(false);
      await writeFile(join(codex.home, 'config.toml'), installed);
      expect((await cli('uninstall', '--yes')).code).toBe(0);
      expect(await config()).toBe(ownConfig);
    },
    twoMinutes,
  );

  test(
    'a command is callable as $name, and a new one without another init [CMD-6]',
    async () => {
      await mkdir(join(codex.workspace, '.claude/commands'), { recursive: true });
      await writeFile(join(codex.workspace, '.claude/commands/greet.md'), 'Greet $ARGUMENTS.');
      await init();
      await codex.exec(['$greet the world'], env);
      const said = JSON.stringify(upstream.requests.at(-1)?.json);
      expect(said).toContain('Greet the world.');
      expect(said).not.toContain('codex-plus command');

      await writeFile(join(codex.workspace, '.claude/commands/leave.md'), 'Leave.');
      const stub = join(codex.home, 'skills', 'leave', 'SKILL.md');
      const text = await readFile(join(codex.home, 'skills', 'greet', 'SKILL.md'), 'utf8');
      expect(text).toContain(`in the project ${codex.workspace}`);
      const elsewhere = join(codex.folder, 'elsewhere');
      await mkdir(elsewhere);
      const calls = upstream.requests.length;
      const run = await codex.exec(['-C', elsewhere, '$greet the world'], env);
      expect(run.messages).toEqual([
        expect.stringContaining(`There is no command /greet here: its file is ${codex.workspace}/.claude`),
      ]);
      const asked = upstream.requests.slice(calls).map(({ json }) => JSON.stringify(json?.['input'] ?? ''));
      expect(asked.filter((input) => input.includes('greet the world'))).toEqual([]);

      const sync = (): Promise<void> => syncStubs({ home: codex.folder, env, workspace: codex.workspace });
      await sync();
      expect(existsSync(stub)).toBe(true);
      await unlink(join(codex.workspace, '.claude/commands/leave.md'));
      await sync();
      expect(existsSync(stub)).toBe(false);
      expect(existsSync(join(codex.home, 'skills', 'greet', 'SKILL.md'))).toBe(true);
      await cli('uninstall', '--yes');
      expect(existsSync(join(codex.home, 'skills', 'greet'))).toBe(false);
    },
    twoMinutes,
  );

  test(
    'without Codex it says so and writes nothing; Claude Code and SDKs can be pointed here without it [CFG-4]',
    async () => {
      await rm(join(bin, 'codex'));
      env = { ...env, PATH: bin, SHELL: '/bin/zsh' };
      const refused = await init();
      expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('codex is not installed')]);
      expect(await config()).toBe(ownConfig);
      const claude = await cli(
        'init',
        '--yes',
        '--no-codex',
        '--claude',
        '--sdk',
        '--url',
        'http://127.0.0.1:3000',
      );
      expect(claude.code).toBe(0);
      const settings = await readFile(join(codex.folder, '.claude/settings.json'), 'utf8');
      expect(JSON.parse(settings)).toEqual({
        env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:3000', ENABLE_TOOL_SEARCH: 'true' },
      });
      expect(await readFile(join(codex.folder, '.zshrc'), 'utf8')).toContain(
        'export OPENAI_BASE_URL=http://127.0.0.1:3000/v1',
      );
      await cli('uninstall', '--yes');
      await until(() => !existsSync(join(codex.folder, '.claude')));
      expect(existsSync(join(codex.folder, '.zshrc'))).toBe(false);
    },
    twoMinutes,
  );
});
