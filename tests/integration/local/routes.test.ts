import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
const key = 'key-0123456789abcdef';

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url, { CODEX_PLUS_API_KEYS: key });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

describe('what is answered here', () => {
  test('GET /version names the release and the Codex that it was tested with [PX-7]', async () => {
    const answer = await request(middleware.url).get('/version').expect(200);
    expect(answer.body).toEqual({
      name: 'codex-plus',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      node: process.versions.node,
      testedCodexVersions: [expect.stringMatching(/^0\.\d+\.\d+$/)],
    });
  });

  test('GET /healthz and /readyz need no key; a tier that is not there makes us not ready, with the reason [PX-7]', async () => {
    await request(middleware.url).get('/healthz').expect(200, { ok: true });
    await request(middleware.url).get('/readyz').expect(200, { ready: true });
    middleware.setLitellm(undefined);
    const answer = await request(middleware.url).get('/readyz');
    middleware.setLitellm(upstream.url);
    expect([answer.status, answer.headers['retry-after'], answer.body]).toEqual([
      503,
      '5',
      { ready: false, reason: 'LiteLLM is starting: the test says so' },
    ]);
  });

  test('GET /health tells the state of every part, and no key [PX-7]', async () => {
    const answer = await request(middleware.url).get('/health');
    expect(answer.body).toMatchObject({
      status: 'ok',
      litellm: { state: 'ready', breaker: 'closed' },
      chatgpt: { enabled: true, transport: 'undici' },
      providers: [{ name: 'openai' }, { name: 'anthropic' }],
      clients: [],
    });
    expect(answer.text).not.toContain(key);
  });

  test('GET /health tells the names of models to those with a key alone, as the list of models does [PX-7] [SEC-6]', async () => {
    const stranger = await request(middleware.url).get('/health');
    for (const name of ['models', 'failing']) expect(stranger.body).not.toHaveProperty(name);
    for (const name of ['models', 'missingKeys', 'warnings'])
      expect(stranger.body).not.toHaveProperty(['litellm', name]);
    const caller = await request(middleware.url).get('/health').set('x-codex-plus-key', key);
    expect(caller.body).toMatchObject({
      models: expect.any(Array),
      failing: [],
      litellm: { models: expect.any(Array) },
    });
  });

  test('GET /metrics asks for a key where one is asked, and is Prometheus text or JSON [OBS-1]', async () => {
    await request(middleware.url).get('/metrics').expect(401);
    const text = await request(middleware.url).get('/metrics').set('x-codex-plus-key', key).expect(200);
    expect(text.headers['content-type']).toMatch(/^text\/plain; version=/);
    expect(text.text).toContain('# TYPE codex_plus_request_duration_seconds histogram');
    const json = await request(middleware.url)
      .get('/metrics?format=json')
      .set('authorization', `Bearer ${key}`)
      .expect(200);
    expect(json.body).toMatchObject({ metrics: expect.any(Array), quantiles: { duration: {} } });
  });

  test('GET /help is the list of commands as a page that runs nothing [CMD-4]', async () => {
    const folder = await makeTestFolder('help');
    await mkdir(join(folder, '.claude/commands'), { recursive: true });
    await writeFile(
      join(folder, '.claude/commands/evil.md'),
      '---\ndescription: "<img src=x onerror=alert(1)> [go](javascript:alert(2)) ![p](http://x/p.png)"\n---\nx',
    );
    const page = await request(middleware.url)
      .get('/help')
      .query({ workspace: folder })
      .set('x-codex-plus-key', key)
      .expect(200);
    // Callers with a key have no folder unless it is below a root.
    expect(page.text).not.toContain('/evil');
    expect(page.text).toContain('<code>/status</code>');
    expect(page.headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'");
    const open = await composeMiddleware(upstream.url, {}, folder);
    const local = await request(open.url).get('/help').query({ workspace: folder }).expect(200);
    await open.close();
    expect(local.text).toContain('<code>/evil</code>: &lt;img src=x onerror=alert(1)&gt; go p (');
    expect(local.text).not.toMatch(/<img|<a |<script/);
    await rm(folder, { recursive: true });
  });
});
