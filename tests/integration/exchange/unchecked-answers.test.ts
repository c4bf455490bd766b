import { once } from 'node:events';
import { join } from 'node:path';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw, headerOf, openRaw, type RawAnswer } from '../../support/raw-client.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let folder: string;

const ourKey = 'sk-ours-0123456789abcdef';
const otherKey = 'sk-other-0123456789abcdef';
const deny = { permissions: { deny: ['Bash(rm:*)'] } };

beforeAll(async () => {
  upstream = await startFakeUpstream();
});

beforeEach(async () => {
  upstream.forget();
  folder = await makeTestFolder('unchecked');
  await mkdir(join(folder, 'project'), { recursive: true });
});

afterEach(async () => {
  await middleware.close();
  await rm(folder, { recursive: true, force: true });
});

afterAll(() => upstream.close());

async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  const own = { PATH: process.env['PATH'] ?? '', CODEX_PLUS_STATE_DIR: join(folder, 'state') };
  middleware = await composeMiddleware(upstream.url, { ...own, ...env }, join(folder, 'home'));
}

async function settings(where: string, content: object): Promise<void> {
  await mkdir(join(folder, where, '.codexplus'), { recursive: true });
  await writeFile(join(folder, where, '.codexplus', 'settings.json'), JSON.stringify(content));
}

function get(path: string, headers: readonly string[] = []): Promise<RawAnswer> {
  return callRaw(middleware.port, { method: 'GET', path, headers });
}

function inProject(): readonly string[] {
  return ['x-codex-plus-workspace', join(folder, 'project')];
}

function call(body: object, headers: readonly string[] = []): Promise<RawAnswer> {
  return callRaw(middleware.port, {
    path: '/v1/responses',
    headers: ['content-type', 'application/json', ...headers],
    body: JSON.stringify({ model: 'gpt-5', input: [{ role: 'user', content: 'hi' }], ...body }),
  });
}

function refusedWith({ status, body }: RawAnswer): string {
  expect(status).toBe(403);
  const { error } = JSON.parse(body.toString()) as { error: { code: string; message: string } };
  expect(error.code).toBe('calls_unchecked');
  return error.message;
}

describe('an answer that may hold tool calls and is passed through', () => {
  test('is passed as ever where there is neither a rule nor a hook, and so is a call in the background [PX-1]', async () => {
    await start();
    for (const path of ['/v1/responses/resp_1', '/v1/realtime', '/v1/files/f/content', '/v1/threads/t1'])
      expect((await get(path)).status).toBe(200);
    expect((await call({ background: true })).status).toBe(200);
    expect(upstream.requests).toHaveLength(1);
  });

  test('is passed where rules only allow [PX-1]', async () => {
    await settings('home', { permissions: { allow: ['Bash(ls:*)'] } });
    await start();
    expect((await get('/v1/responses/resp_1')).status).toBe(200);
  });

  test('is refused where a rule of the caller denies, with what to do, and the rest still goes through [SEC-1]', async () => {
    await settings('home', deny);
    await start();
    expect(refusedWith(await get('/v1/responses/resp_1?stream=true'))).toBe(
      'GET at /responses is refused: its answer may hold tool calls, and the permission rules and hooks that are configured here would not ' +
        'see them; make a call whose answer comes at once (/responses, /chat/completions, /messages), or let it through unchecked with ' +
        '"/responses" in passthrough.uncheckedPaths of codex_plus.json',
    );
    for (const path of [
      '/v1/v1/responses/r/input_items',
      '/realtime',
      '/v1/files/f/content',
      '/v1/assistants',
      '/route/of/tomorrow',
      '/key/v1/files/f/content',
    ])
      refusedWith(await get(path));
    for (const path of [
      '/v1beta/models/gemini:generateContent',
      '/v1beta/models/gemini%3AgenerateContent',
      '/v1/models/gemini%3agenerateContent',
      '/queue/chat/completions',
      '/v1/Chat/Completions',
    ])
      refusedWith(await callRaw(middleware.port, { path, headers: [], body: '{}' }));
    expect(upstream.requests).toHaveLength(0);
    for (const path of ['/v1/models', '/v1/files', '/v1/batches/b', '/key/info'])
      expect((await get(path)).status).toBe(200);
  });

  test('is refused in plain text to Codex, and in the form of the Messages API to its clients [SEC-1]', async () => {
    await settings('home', deny);
    await start();
    const codex = await get('/v1/responses/resp_1', ['user-agent', 'codex_exec/0.171.0']);
    expect([codex.status, headerOf(codex.headers, 'content-type')]).toEqual([
      400,
      'text/plain; charset=utf-8',
    ]);
    const anthropic = await get('/v1/messages/batches/b1/results');
    expect(anthropic.status).toBe(403);
    expect(JSON.parse(anthropic.body.toString())).toMatchObject({
      type: 'error',
      error: { type: 'permission_error', message: expect.stringMatching(/^GET at \/messages is refused/) },
    });
  });

  test('is refused where a hook wants to know, by the folder that the request names [SEC-1] [HK-1]', async () => {
    const hook = { hooks: [{ type: 'command', command: 'true' }] };
    await settings('project', { hooks: { PreToolUse: [hook] } });
    await start();
    expect((await get('/v1/responses/resp_1')).status).toBe(200);
    refusedWith(await get('/v1/responses/resp_1', inProject()));
  });

  test('is refused to a caller whose calls were checked, though the request names no folder, and to no other [SEC-1]', async () => {
    await settings('project', deny);
    await start({
      CODEX_PLUS_API_KEYS: `${ourKey},${otherKey}`,
      CODEX_PLUS_WORKSPACE_ROOTS: folder,
    });
    const ours = ['x-codex-plus-key', ourKey];
    expect((await get('/v1/responses/resp_1', ours)).status).toBe(200);
    expect((await call({}, [...ours, ...inProject()])).status).toBe(200);
    refusedWith(await get('/v1/responses/resp_1', ours));
    // Nor is it another answer where the folder is one that the caller may not name.
    refusedWith(await get('/v1/responses/resp_1', [...ours, 'x-codex-plus-workspace', '/elsewhere']));
    expect((await get('/v1/responses/resp_1', ['x-codex-plus-key', otherKey])).status).toBe(200);
    expect((await get('/v1/responses/resp_1')).status).toBe(401);
  });

  test('is refused as a WebSocket before the upstream hears of it [SEC-1]', async () => {
    await settings('home', deny);
    await start();
    const socket = await openRaw(middleware.port, {
      method: 'GET',
      path: '/v1/realtime?model=gpt-realtime',
      headers: [
        ...['connection', 'Upgrade', 'upgrade', 'websocket', 'sec-websocket-version', '13'],
        ...['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
      ],
    });
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 403 .*a WebSocket at \/realtime is refused/s);
    socket.destroy();
  });

  test('is passed where the user lists its path, and the path alone [SEC-1]', async () => {
    await settings('home', deny);
    await start({ CODEX_PLUS_UNCHECKED_PATHS: '/v1/responses/,/threads' });
    expect((await get('/v1/responses/resp_1')).status).toBe(200);
    expect((await get('/v1/threads/t1/runs')).status).toBe(200);
    expect((await call({ background: true })).status).toBe(200);
    refusedWith(await get('/v1/assistants'));
    refusedWith(await get('/v1/chat/completions'));
  });
});

describe('a call whose answer is to be fetched later', () => {
  test('is refused where its calls would be checked, and never reaches the model [SEC-1]', async () => {
    await settings('home', deny);
    await start();
    for (const body of [
      { background: true },
      { background: true, stream: true },
      { extra_body: { background: 1 } },
    ])
      expect(refusedWith(await call(body))).toMatch(/^"background" is refused: .*; leave it out, or /);
    expect(upstream.requests).toHaveLength(0);
    expect((await call({ background: false })).status).toBe(200);
  });
});

test('a conversation that Anthropic keeps as a thread is refused where its calls would be checked [SEC-1]', async () => {
  const thread = (): Promise<RawAnswer> =>
    callRaw(middleware.port, {
      path: '/v1/messages',
      headers: ['content-type', 'application/json'],
      body: JSON.stringify({
        ...{ model: 'claude', max_tokens: 9, thread: { id: 't1' } },
        messages: [{ role: 'user', content: 'hi' }],
      }),
    });
  await settings('home', deny);
  await start();
  const { status, body } = await thread();
  expect([status, body.toString()]).toEqual([403, expect.stringContaining('\\"thread\\" is refused')]);
  expect(upstream.requests).toHaveLength(0);
});

describe('a call that says nothing which a refused call could be put behind', () => {
  const bodies = [
    { input: undefined, prompt: { id: 'pmpt_1' } },
    { input: [], conversation: 'conv_1' },
    { input: null, prompt: { id: 'pmpt_1' } },
    { input: { role: 'user', content: 'hi' } },
  ];

  test('is refused where the calls in its answer would be checked, and never reaches the model [SEC-1]', async () => {
    await settings('project', deny);
    await start();
    for (const body of bodies) {
      expect(refusedWith(await call(body, inProject()))).toMatch(
        /^a call with nothing in "input" is refused: .*; put the conversation there, or .*"\/responses"/,
      );
    }
    expect(upstream.requests).toHaveLength(0);
  });

  test('goes on where they would not, or where the user lists its path [SEC-1] [PX-1]', async () => {
    await settings('project', deny);
    await start();
    expect((await call({ input: undefined, prompt: { id: 'pmpt_1' } })).status).toBe(200);
    await middleware.close();
    await start({ CODEX_PLUS_UNCHECKED_PATHS: '/responses' });
    expect((await call({ input: undefined, prompt: { id: 'pmpt_1' } }, inProject())).status).toBe(200);
  });
});
