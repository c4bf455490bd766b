import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import express, { type Express, type Response } from 'express';
import OpenAI from 'openai';
import request from 'supertest';
import {
  codexPlus,
  ConfigError,
  type CodexPlus,
  type CodexPlusOptions,
} from '../../../middleware/codex-plus.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, streams } from '../../support/fake-upstream/step.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { until } from '../../support/until.ts';

let folder: string;
let upstream: FakeUpstream;
let handler: CodexPlus;
let app: Express;

/** The handler as an app has it, with a home folder and a LiteLLM of the test's own. */
async function mount(path: string, more: CodexPlusOptions['settings'] = {}): Promise<void> {
  handler = codexPlus({
    settings: { ...more, litellm: { mode: 'external', url: upstream.url } },
    env: {
      PATH: process.env['PATH'],
      CODEX_PLUS_STATE_DIR: join(folder, 'state'),
      LITELLM_MASTER_KEY: 'sk-test-master-0123456789abcdef',
    },
    homeDir: join(folder, 'home'),
    log: collectedLog().log,
  });
  app = express();
  app.get('/before', (_req, res) => res.send('the app itself'));
  app.use(path, handler);
  app.use(express.json());
  app.post('/echo', (req, res) => res.json(req.body as unknown));
  app.get('/', (_req, res) => res.send('the page of the app'));
  const root = path === '/' ? '' : path;
  await until(async () => (await request(app).get(`${root}/readyz`)).status === 200);
}

beforeEach(async () => {
  folder = await makeTestFolder('embedding');
  await mkdir(join(folder, 'home', '.claude', 'commands'), { recursive: true });
  upstream = await startFakeUpstream();
  upstream.use(() => says('Hello.'));
});

afterEach(async () => {
  await handler.close();
  await upstream.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const question = { model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] };

describe.each(['/', '/llm'])('codexPlus() mounted at %s of an Express app', (path) => {
  const root = path === '/' ? '' : path;

  test('answers model calls, and leaves to the app what is the app’s [BEY-7]', async () => {
    await mount(path);
    const answer = await request(app).post(`${root}/v1/chat/completions`).send(question);
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).toContain('Hello.');
    expect((await request(app).get('/before')).text).toBe('the app itself');
    expect((await request(app).post('/echo').send({ a: 1 })).body).toEqual({ a: 1 });
    expect((await request(app).get('/')).text).toBe('the page of the app');
    expect((await request(app).get('/nowhere')).status).toBe(404);
  });

  test('answers its own routes, and passes on what it does not know below /v1', async () => {
    await mount(path);
    expect((await request(app).get(`${root}/version`)).body).toHaveProperty('version');
    expect((await request(app).get(`${root}/health`)).body).toHaveProperty('litellm');
    expect((await request(app).get(`${root}/metrics`)).text).toContain('codex_plus_');
    expect((await request(app).get(`${root}/help`)).text).toContain('/status');
    expect((await request(app).get(`${root}/v1/models`)).status).toBe(200);
  });

  test('takes no cookie of the app to the upstream, with a model call or with what is passed on', async () => {
    await mount(path);
    const cookie = 'session=of-the-app';
    await request(app).post(`${root}/v1/chat/completions`).set('cookie', cookie).send(question);
    expect(upstream.requests).toHaveLength(1);
    expect(upstream.requests[0]?.rawHeaders.join()).not.toContain(cookie);
    for (const passed of ['/v1/files', '/v1/of-no-feature']) {
      const { text } = await request(app).get(`${root}${passed}`).set({ cookie, 'x-of-client': 'kept' });
      expect(text).toContain('x-of-client');
      expect(text).not.toContain(cookie);
    }
  });

  test('runs commands of the user’s, in a stream', async () => {
    await writeFile(join(folder, 'home', '.claude', 'commands', 'greet.md'), 'Say hello to $ARGUMENTS.');
    await mount(path);
    const server = await listening(app);
    const { port } = server.address() as AddressInfo;
    const client = new OpenAI({ apiKey: 'x', baseURL: `http://127.0.0.1:${port}${root}/v1`, maxRetries: 0 });
    const stream = await client.chat.completions.create({
      model: 'gpt-5',
      messages: [{ role: 'user', content: '/greet Ada' }],
      stream: true,
    });
    let text = '';
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
    server.close();
    expect(text).toBe('Hello.');
    expect(JSON.stringify(upstream.requests.at(-1)?.json)).toContain('Say hello to Ada.');
  });
});

test('an app’s own /chat stays its own beside model calls at the root', async () => {
  await mount('/');
  app.get('/chat', (_req, res) => res.send('the chat of the app'));
  expect((await request(app).get('/chat')).text).toBe('the chat of the app');
  expect((await request(app).post('/chat/completions').send(question)).status).toBe(200);
});

test('a body that was read before is a clear error, not a call without one', async () => {
  await mount('/llm');
  const wrong = express();
  wrong.use(express.json());
  wrong.use(handler);
  const answer = await request(wrong).post('/v1/chat/completions').send(question);
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('mount it before express.json()');
});

test.each(['/v1/chat/completions', '/v1/files'])(
  'a body that was given an encoding is a clear error as well, at %s by any method',
  async (path) => {
    await mount('/llm');
    const wrong = express();
    wrong.use((req, _res, next) => {
      req.setEncoding('utf8');
      next();
    });
    wrong.use(handler);
    for (const send of [request(wrong).post(path), request(wrong).put(path)]) {
      const answer = await send.send(question);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('req.setEncoding()');
    }
    expect(upstream.requests).toEqual([]);
  },
);

test.each<[string, (res: Response) => void]>([
  ['ended', (res) => void res.end('of the app')],
  ['begun', (res) => void res.write('of the app')],
  ['destroyed', (res) => void res.destroy()],
])('an answer that the app has %s before is the app’s: no model is called for it', async (_what, answer) => {
  await mount('/llm');
  const wrong = express();
  wrong.use('/twice', (_req, res, next) => {
    answer(res);
    next();
    // What it began it ends itself.
    setImmediate(() => res.end());
  });
  wrong.use('/twice', handler);
  wrong.use('/once', handler);
  const twice = await request(wrong)
    .post('/twice/v1/chat/completions')
    .send(question)
    .catch(() => undefined);
  expect(twice?.text ?? 'of the app').toBe('of the app');
  expect((await request(wrong).post('/once/v1/chat/completions').send(question)).status).toBe(200);
  expect(upstream.requests).toHaveLength(1);
});

test('a caller from elsewhere needs a key, whatever the app listens to and the host header says [SEC-6]', async () => {
  const address = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  await mount('/llm');
  const server = await listening(app, '0.0.0.0');
  const { port } = server.address() as AddressInfo;
  // A machine without a network has no elsewhere.
  if (address !== undefined) {
    const answer = await request(`http://${address}:${port}`)
      .post('/llm/v1/chat/completions')
      .set('host', 'localhost')
      .send(question);
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('server.apiKeys');
  }
  server.close();
});

test('close() lets what runs finish, refuses what comes then, and leaves the server to its owner', async () => {
  await mount('/llm');
  upstream.use(() => ({
    kind: 'bytes',
    headers: ['content-type', 'application/json'],
    pieces: [Buffer.from('{"choices":'), Buffer.from('[]}')],
    pauseMs: 300,
  }));
  const running = request(app).post('/llm/v1/chat/completions').send(question).then();
  await until(() => upstream.requests.length > 0);
  const closed = handler.close();
  expect((await request(app).post('/llm/v1/chat/completions').send(question)).status).toBe(503);
  expect((await running).status).toBe(200);
  await closed;
  expect((await request(app).get('/before')).text).toBe('the app itself');
});

test('settings that are wrong are told with their paths in the options, and nothing is started', () => {
  const settings = {
    server: { port: 'x', hots: 'a', apiKeys: ['of-one-0123456789', 'of-one-0123456789'] },
    provider: [],
  };
  expect(() => codexPlus({ settings, env: {} })).toThrow(
    new Error(
      [
        'the options of codexPlus(): settings.provider: is not a setting; did you mean "providers"?',
        'the options of codexPlus(): settings.server.hots: is not a setting; did you mean "host"?',
        'the options of codexPlus(): settings.server.port: must be integer',
      ].join('\n'),
    ),
  );
});

test.each<readonly [object, string]>([
  [{ server: { keepaliveMs: 60_000 }, timeouts: { idleMs: 50_000 } }, 'server.keepaliveMs'],
  [{ server: { maxBodyBytes: 2048, maxBodyBytesInFlight: 1024 } }, 'server.maxBodyBytesInFlight'],
  [{ limits: { maxStreamBytes: 1024, maxEventBytes: 2048 } }, 'limits.maxStreamBytes'],
  [{ server: { host: '0.0.0.0' } }, 'server.host'],
  [{ server: { apiKeys: ['a-key-0123456789', 'a-key-0123456789'] } }, 'server.apiKeys[1]'],
])('settings that do not go together are told so as well: %j', (settings, path) => {
  expect(() => codexPlus({ settings: { ...settings }, env: {} })).toThrow(
    `the options of codexPlus(): settings.${path}: `,
  );
});

test('a variable that is wrong is told by its name, and a file by its path', () => {
  expect(() => codexPlus({ settings: {}, env: { CODEX_PLUS_PORT: 'x' } })).toThrow(
    /^environment: CODEX_PLUS_PORT: /,
  );
  expect(() => codexPlus({ env: { CODEX_PLUS_CONFIG: '/none/codex_plus.json' } })).toThrow(
    /^\/none\/codex_plus\.json: is missing$/,
  );
});

test.each<readonly [string, object, string]>([
  ['nearly one', { setting: {} }, 'setting: is not an option; did you mean "settings"?'],
  ['no option', { port: 3000 }, 'port: is not an option; there are path, settings, env, homeDir, log'],
  ['of an object’s own', { toString: 1 }, 'toString: is not an option; there are path,'],
  ['a wrong path', { path: 5 }, 'path: has to be a text'],
  ['settings that are a file', { settings: './a.json' }, 'settings: has to be an object with the members'],
  ['a list of settings', { settings: [] }, 'settings: has to be an object with the members'],
  ['no environment', { env: null }, 'env: has to be an object with variables'],
  ['half a log', { log: { info: () => undefined } }, 'log: has to be an object with the functions'],
  ['the log of a console', { log: console }, 'log: has to be an object with the functions'],
])('an option that is %s is told before anything else', (_, options, told) => {
  expect(() => codexPlus(options)).toThrow(`the options of codexPlus(): ${told}`);
});

test('all faults of the options are told at once, and one that is left undefined is none', () => {
  const options: object = { homedir: '/a', home: '/b', log: undefined };
  expect(() => codexPlus(options)).toThrow(/^.*homedir: .*"homeDir"\?\n.*home: is not an option; there are/);
});

test.each(['llm', '/:tenant/llm', '//llm', '/llm?x'])(
  'the path %s is told as a fault of the options',
  (path) => {
    expect(() => codexPlus({ path, env: {} })).toThrow(
      /^the options of codexPlus\(\): path: .*like "\/llm"$/,
    );
  },
);

async function listening(of: Express, host = '127.0.0.1'): Promise<Server> {
  const server = createServer(of);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return server;
}

test('a stream that outlasts the time for closing ends with an error event [OPS-2]', async () => {
  await mount('/', { server: { drainTimeoutMs: 100 } });
  const begun = 'data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n';
  upstream.use(() => streams([begun], { then: 'silence' }));
  const server = createServer(app).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...question, stream: true }),
    });
    const text = answer.text();
    await handler.close();
    expect(await text).toMatch(/Hel.*codex-plus is stopping/s);
  } finally {
    server.close();
  }
});

test('options that are no object are a ConfigError, which apps can import', async () => {
  await mount('/');
  expect(() => codexPlus(null as unknown as CodexPlusOptions)).toThrow(ConfigError);
});
