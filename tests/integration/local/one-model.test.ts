import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';

/** Answers as LiteLLM does: a list in the client's shape, and one model in OpenAI's alone. */
let litellm: Server;
let middleware: ComposedMiddleware;
let url = '';

beforeAll(async () => {
  litellm = createServer((req, res) => {
    const isAnthropics = req.headers['anthropic-version'] !== undefined;
    const model = isAnthropics
      ? { type: 'model', id: 'claude', display_name: 'claude', created_at: '1970-01-01T00:00:00Z' }
      : { object: 'model', id: 'claude', created: 0, owned_by: 'openai' };
    const list = isAnthropics
      ? { data: [model], has_more: false, first_id: 'claude', last_id: 'claude' }
      : { object: 'list', data: [model] };
    const one = { id: 'hidden', object: 'model', created: 0, owned_by: 'openai' };
    res.setHeader('content-type', 'application/json');
    if (req.url === '/v1/models') res.end(JSON.stringify(list));
    else if (req.url === '/v1/models/hidden') res.end(JSON.stringify(one));
    else res.writeHead(404).end(JSON.stringify({ error: { message: 'no such thing', code: '404' } }));
  });
  litellm.listen(0, '127.0.0.1');
  await once(litellm, 'listening');
  url = `http://127.0.0.1:${(litellm.address() as AddressInfo).port}`;
});

afterEach(() => middleware.close());
afterAll(() => {
  litellm.close();
});

test('[RT-3] a client of Anthropic gets one model in the shape of the list, and its form of an error', async () => {
  middleware = await composeMiddleware(url, {});
  const client = new Anthropic({ baseURL: middleware.url, apiKey: 'x' });
  const { data } = await client.models.list();
  expect(await client.models.retrieve('claude')).toEqual(data[0]);
  await expect(client.models.retrieve('nope')).rejects.toMatchObject({
    status: 404,
    error: { type: 'error', error: { type: 'not_found_error', message: expect.stringContaining('"nope"') } },
  });
});

test('[RT-3] a client of OpenAI gets one model of the list, and what LiteLLM has beside it', async () => {
  middleware = await composeMiddleware(url, {});
  const client = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'x', maxRetries: 0 });
  expect(await client.models.retrieve('claude')).toMatchObject({ object: 'model', id: 'claude' });
  expect(await client.models.retrieve('hidden')).toMatchObject({ object: 'model', id: 'hidden' });
  await expect(client.models.retrieve('nope')).rejects.toMatchObject({ status: 404 });
});

test('[RT-3] Codex as a model is one of them, in both shapes', async () => {
  middleware = await composeMiddleware(url, { CODEX_PLUS_CODEX_ENABLED: 'true' });
  const ofAnthropic = new Anthropic({ baseURL: middleware.url, apiKey: 'x' });
  expect(await ofAnthropic.models.retrieve('codex-5')).toMatchObject({ type: 'model', id: 'codex-5' });
  const ofOpenai = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'x', maxRetries: 0 });
  expect(await ofOpenai.models.retrieve('codex-5')).toMatchObject({ object: 'model', id: 'codex-5' });
});
