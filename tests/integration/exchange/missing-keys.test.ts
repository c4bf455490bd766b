import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import request from 'supertest';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw, headerOf } from '../../support/raw-client.ts';

let litellm: FakeUpstream;
let middleware: ComposedMiddleware;
const told = /^the model "gpt-5" cannot be called: OPENAI_API_KEY is not set where Codex-Plus runs/;

beforeAll(async () => {
  litellm = await startFakeUpstream();
  middleware = await composeMiddleware(litellm.url, { OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '' });
  middleware.setModels({ models: ['gpt-5', 'other'], missingKeys: { 'gpt-5': 'OPENAI_API_KEY' } });
});

afterAll(async () => {
  await middleware.close();
  await litellm.close();
});

describe('a model whose key is not set', () => {
  test('is a plain 400 for Codex that names the model and the variable; LiteLLM is not asked', async () => {
    const answer = await callRaw(middleware.port, {
      path: '/v1/responses',
      headers: ['user-agent', 'codex_exec/0.171.0'],
      body: '{"model":"gpt-5","stream":true,"input":"hi"}',
    });
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toMatch(told);
    expect(headerOf(answer.headers, 'x-should-retry')).toBe('false');
    expect(litellm.requests).toEqual([]);
  });

  test('is one request of the official SDKs', async () => {
    const before = middleware.lines.filter(({ message }) => message === 'exchange').length;
    const openai = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'x' });
    await expect(openai.responses.create({ model: 'gpt-5', input: 'hi' })).rejects.toThrow(/OPENAI_API_KEY/);
    const anthropic = new Anthropic({ baseURL: middleware.url, apiKey: 'x' });
    const messages = [{ role: 'user' as const, content: 'hi' }];
    await expect(anthropic.messages.create({ model: 'gpt-5', max_tokens: 1, messages })).rejects.toThrow(
      /OPENAI_API_KEY/,
    );
    expect(middleware.lines.filter(({ message }) => message === 'exchange').length - before).toBe(2);
  });

  test.each([
    ['/v1/embeddings', '{"model":"gpt-5","input":"hi"}'],
    ['/v1/images/generations', '{"model":"gpt-5","prompt":"hi"}'],
    ['/v1/messages/count_tokens', '{"model":"gpt-5","messages":[]}'],
    ['/v1/responses/input_tokens', '{"model":"gpt-5","input":"hi"}'],
    ['/v1/audio/speech?model=gpt-5', 'no JSON'],
  ])('is not called with another key by what is passed through: %s', async (path, body) => {
    const answer = await callRaw(middleware.port, { path, body });
    expect([answer.status, answer.body.toString()]).toEqual([
      400,
      expect.stringContaining('OPENAI_API_KEY is not set where Codex-Plus runs'),
    ]);
    expect(litellm.requests).toEqual([]);
  });

  test('leaves us ready while another model works, and makes us not ready when none does', async () => {
    await request(middleware.url).get('/readyz').expect(200);
    middleware.setModels({ models: ['gpt-5'], missingKeys: { 'gpt-5': 'OPENAI_API_KEY' } });
    const answer = await request(middleware.url).get('/readyz').expect(503);
    expect(answer.body).toEqual({
      ready: false,
      reason: expect.stringMatching(/^no model has the key of its provider: set one of OPENAI_API_KEY/),
    });
    const health = await request(middleware.url).get('/health').expect(200);
    expect(health.body).toMatchObject({
      status: 'degraded',
      reason: expect.stringContaining('OPENAI_API_KEY'),
    });
  });
});

describe('the paths that are ours', () => {
  test('/ is a page of our own that loads nothing, or JSON', async () => {
    const page = await request(middleware.url).get('/').set('accept', 'text/html').expect(200);
    expect(page.text).toContain('base_url=&quot;http://127.0.0.1:');
    expect(page.text).toContain('<code>$name</code>');
    expect(page.text).toContain('<code>codex-plus uninstall</code>');
    expect(page.text).not.toContain('<script');
    const behindTls = await request(middleware.url)
      .get('/')
      .set({ accept: 'text/html', 'x-forwarded-proto': 'https' })
      .expect(200);
    expect(behindTls.text).toContain('base_url=&quot;https://127.0.0.1:');
    const odd = await request(middleware.url)
      .get('/')
      .set({ accept: 'application/json', 'x-forwarded-proto': 'javascript' })
      .expect(200);
    expect(odd.body).toMatchObject({ base: expect.stringMatching(/^http:/) });
    const json = await request(middleware.url).get('/').set('accept', 'application/json').expect(200);
    expect(json.body).toMatchObject({ name: 'codex-plus', states: expect.any(Array) });
    expect(litellm.requests).toEqual([]);
  });

  test.each([
    '/.well-known/oauth-authorization-server/mcp',
    '/.well-known/oauth-protected-resource',
    '/mcp/.well-known/oauth-authorization-server',
  ])('%s is not there, and LiteLLM is not asked', async (path) => {
    const answer = await request(middleware.url).get(path).expect(404);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(litellm.requests).toEqual([]);
  });
});
