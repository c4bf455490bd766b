import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says } from '../support/fake-upstream/step.ts';

/** The compiler takes its time. */
const buildMs = 120_000;

let folder: string;
let upstream: FakeUpstream;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.use(() => says('Hello from the model.'));
  // Outside of the checkout, as an app is.
  folder = await mkdtemp(join(tmpdir(), 'codex-plus-embedded-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(rootDir, join(folder, 'node_modules', 'codex-plus'));
  await symlink(join(rootDir, 'node_modules', 'express'), join(folder, 'node_modules', 'express'));
  await execa(process.execPath, ['scripts/build.mjs'], { cwd: rootDir });
}, buildMs);

afterAll(async () => {
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

const app = `
import express from 'express';
import { codexPlus } from 'codex-plus';

const app = express();
const llm = codexPlus({ settings: { litellm: { mode: 'external', url: process.env.UPSTREAM } } });
app.use('/llm', llm);
app.get('/', (_req, res) => res.send('the app itself'));
const server = app.listen(0, '127.0.0.1', async () => {
  const base = 'http://127.0.0.1:' + server.address().port;
  console.log(await (await fetch(base)).text());
  while (!(await fetch(base + '/llm/readyz')).ok) await new Promise((resolve) => setTimeout(resolve, 50));
  const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(base + '/llm/v1/chat/completions', { method: 'POST', headers, body });
  console.log((await answer.json()).choices[0].message.content);
  await llm.close();
  server.close();
});
`;

test(
  'an app of its own imports the built package, mounts it, and ends when both are closed [BEY-7]',
  async () => {
    await writeFile(join(folder, 'app.mjs'), app);
    const { stdout } = await execa(process.execPath, ['app.mjs'], {
      cwd: folder,
      env: {
        UPSTREAM: upstream.url,
        HOME: folder,
        CODEX_PLUS_STATE_DIR: join(folder, 'state'),
        CODEX_PLUS_LOG_LEVEL: 'error',
        LITELLM_MASTER_KEY: 'sk-test-master-0123456789abcdef',
      },
      timeout: buildMs,
    });
    expect(stdout.split('\n')).toEqual(['the app itself', 'Hello from the model.']);
  },
  buildMs,
);

test(
  'the package that npm packs has what an app and the command line need, and nothing of the project’s own [BEY-7]',
  async () => {
    const packed = join(folder, 'packed');
    await mkdir(packed);
    // What was just built is packed as it is.
    await execa('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', packed], {
      cwd: rootDir,
    });
    const [file = ''] = await readdir(packed);
    await execa('tar', ['xzf', file], { cwd: packed });
    const root = join(packed, 'package');
    expect((await readdir(root)).toSorted()).toEqual([
      ...['LICENSE', 'README.md', 'config', 'dist', 'litellm', 'package.json', 'scripts'],
    ]);
    await symlink(join(rootDir, 'node_modules'), join(packed, 'node_modules'));
    const run = await execa(process.execPath, [join(root, 'scripts/codex-plus.mjs'), 'trust', 'list'], {
      ...{ cwd: folder, env: { HOME: folder, CODEX_PLUS_STATE_DIR: join(folder, 'state') } },
    });
    expect(run.stdout).toContain(`Waiting in ${await realpath(folder)}\n  nothing`);
  },
  buildMs,
);
