import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says, streams } from '../support/fake-upstream/step.ts';
import { makeUpCertificate, type MadeUpCertificate } from '../support/made-up-certificate.ts';
import { madeUpJwt } from '../support/made-up-jwt.ts';
import { callRaw, headerOf, openRaw } from '../support/raw-client.ts';
import { makeCodexHome } from '../support/run-codex.ts';
import { sparePort } from '../support/spare-port.ts';
import { makeTestFolder, startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { startTlsFront, type TlsFront } from '../support/tls-front.ts';
import { twoTurnTask } from '../support/two-turn-task.ts';

const aMinute = 60_000;
const run = promisify(execFile);

let certificate: MadeUpCertificate;
let upstream: FakeUpstream;
let front: TlsFront;

beforeAll(async () => {
  certificate = makeUpCertificate();
  upstream = await startFakeUpstream();
  front = await startTlsFront(upstream.port, certificate);
});

afterAll(async () => {
  await upstream.close();
  await front.close();
  certificate.remove();
});

beforeEach(() => {
  upstream.forget();
});

/** Without LiteLLM; the ChatGPT backend is the scripted one, behind TLS. */
async function start(transport: string, program?: string): Promise<RunningMiddleware> {
  return startMiddleware({
    upstreamUrl: upstream.url,
    litellmPort: await sparePort(),
    litellmConfig: 'model_list: []\n',
    env: {
      CODEX_PLUS_LITELLM_MODE: 'off',
      CODEX_PLUS_CHATGPT_BASE_URL: `${front.url}/backend-api/codex`,
      CODEX_PLUS_CHATGPT_TRANSPORT: transport,
      NODE_EXTRA_CA_CERTS: certificate.certFile,
      SSL_CERT_FILE: certificate.certFile,
    },
    ...(program === undefined ? {} : { program }),
  });
}

/** What `codex login` leaves behind. */
function loginOf(token: string): string {
  return JSON.stringify({
    auth_mode: 'chatgpt',
    tokens: {
      id_token: token,
      access_token: token,
      refresh_token: 'made-up-refresh',
      account_id: 'acc-1',
    },
    last_refresh: new Date().toISOString(),
  });
}

describe.each(['undici', 'codex', 'browser'])('a ChatGPT login over the %s transport', (transport) => {
  let middleware: RunningMiddleware;

  beforeAll(async () => {
    middleware = await start(transport);
  }, aMinute);

  afterAll(async () => {
    expect(await middleware.stop()).toBe(0);
  }, aMinute);

  test.each([
    ['openai_base_url', (url: string) => ['-c', `openai_base_url="${url}/v1"`]],
    [
      'a provider entry',
      (url: string) => [
        ...['-c', 'model_provider=ours', '-c'],
        `model_providers.ours={name="ours",base_url="${url}/v1",requires_openai_auth=true}`,
      ],
    ],
  ])(
    'carries a task of two turns of the real Codex CLI that is pointed here by %s [RT-2]',
    async (_way, pointing) => {
      upstream.use(twoTurnTask);
      const token = madeUpJwt();
      const codex = await makeCodexHome({ 'auth.json': loginOf(token) });
      const result = await codex.exec([...pointing(middleware.url), '--model', 'gpt-5', 'Run the tool.']);

      expect(result.commands).toMatchObject([{ aggregated_output: 'TOOL_OK\n', exit_code: 0 }]);
      expect(result.messages.at(-1)).toBe('The tool printed TOOL_OK.');
      const turns = upstream.requests.filter(({ url }) => url === '/backend-api/codex/responses');
      expect(turns).toHaveLength(2);
      for (const { rawHeaders } of turns) {
        expect(headerOf(rawHeaders, 'authorization')).toBe(`Bearer ${token}`);
        expect(headerOf(rawHeaders, 'chatgpt-account-id')).toBe('acc-1');
        expect(headerOf(rawHeaders, 'user-agent')).toMatch(/^codex_exec\//);
        expect(rawHeaders.join()).not.toMatch(/sec-ch-ua|sec-fetch|x-forwarded/i);
      }
      expect(JSON.stringify(middleware.lines)).not.toContain(token.slice(0, 40));
      await codex.remove();
    },
    aMinute,
  );

  test('ends at the backend when the client leaves [RT-2]', async () => {
    upstream.use(() => streams(['data: {"type":"response.created"}\n\n'], { then: 'silence' }));
    const client = await openRaw(middleware.port, {
      path: '/v1/responses',
      headers: ['authorization', `Bearer ${madeUpJwt()}`],
      body: '{"model":"gpt-5","stream":true,"input":"hi"}',
    });
    await once(client, 'data');
    client.destroy();
    expect(await upstream.requests[0]!.closed).toBe(true);
  });
});

test(
  'the browser transport runs from the build, too [RT-2]',
  async () => {
    const folder = await makeTestFolder('build');
    const tsc = join(rootDir, 'node_modules', 'typescript', 'bin', 'tsc');
    await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', folder], { cwd: rootDir });
    const middleware = await start('browser', join(relative(rootDir, folder), 'middleware', 'main.js'));
    upstream.use(() => says('from the build'));
    const answer = await callRaw(middleware.port, {
      path: '/v1/responses',
      headers: ['authorization', `Bearer ${madeUpJwt()}`],
      body: '{"model":"gpt-5","input":"hi"}',
    });
    expect(answer.body.toString()).toContain('from the build');
    expect(await middleware.stop()).toBe(0);
    await rm(folder, { recursive: true });
  },
  aMinute,
);

test(
  'without impit a start with the browser transport ends with one sentence [RT-2]',
  async () => {
    // Outside the project, so that no node_modules above has it.
    const folder = await mkdtemp(join(tmpdir(), 'codex-plus-without-impit-'));
    for (const name of ['middleware', 'config', 'package.json']) {
      await cp(join(rootDir, name), join(folder, name), { recursive: true });
    }
    await mkdir(join(folder, 'node_modules'));
    for (const name of await readdir(join(rootDir, 'node_modules'))) {
      if (name.startsWith('impit')) continue;
      await symlink(join(rootDir, 'node_modules', name), join(folder, 'node_modules', name));
    }
    await writeFile(join(folder, 'in-a-file.json'), '{"chatgpt":{"transport":"browser"}}');
    for (const [env, where] of [
      [{ CODEX_PLUS_CHATGPT_TRANSPORT: 'browser' }, 'environment: CODEX_PLUS_CHATGPT_TRANSPORT'],
      [{ CODEX_PLUS_CONFIG: 'in-a-file.json' }, 'in-a-file.json: chatgpt.transport'],
    ] as const) {
      const start = run(process.execPath, ['--disable-warning=ExperimentalWarning', 'middleware/main.ts'], {
        cwd: folder,
        env: { CODEX_PLUS_PORT: '0', CODEX_PLUS_LITELLM_MODE: 'off', ...env },
      });
      await expect(start).rejects.toMatchObject({
        code: 1,
        stderr:
          `${where}: it needs the optional package impit, which is not installed; ` +
          'run npm install --include=optional, or choose undici or codex\n',
      });
    }
    await rm(folder, { recursive: true });
  },
  aMinute,
);
