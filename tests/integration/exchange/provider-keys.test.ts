import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw } from '../../support/raw-client.ts';

describe('keys and other words for a provider in a body', () => {
  let upstream: FakeUpstream;
  let middleware: ComposedMiddleware;

  beforeAll(async () => {
    upstream = await startFakeUpstream();
    middleware = await composeMiddleware(upstream.url);
  });

  afterAll(async () => {
    await middleware.close();
    await upstream.close();
  });

  test('a member api_key, with which LiteLLM would call the provider, is taken out; every other byte stays', async () => {
    const body = '{ "model":"gpt-5", "api_key" : "sk-evil", "input":"api_key", "\\u0061pi_key":"sk-2" }';
    await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(upstream.requests.at(-1)!.raw.toString()).toBe('{ "model":"gpt-5", "input":"api_key" }');
  });

  test('a member api_key is taken out however its name is written', async () => {
    const body = '{"model":"gpt-5","\\u0061pi\\u005fkey":"sk-evil"}';
    await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(upstream.requests.at(-1)!.raw.toString()).toBe('{"model":"gpt-5"}');
  });

  test('keys, addresses and headers that LiteLLM would call a provider with are taken out at every depth', async () => {
    const body =
      '{ "model":"gpt-5","api_base":"http://evil", "input":"hi", "organization":"o", "extra_headers":{"authorization":"x"},' +
      ' "aws_secret_access_key":"s", "extra_body":{"api_key":"k","seed":1},' +
      ' "fallbacks":[ {"model":"b","api_key":"k","fallbacks":[{"model":"c","base_url":"u"}]}, "d"] }';
    await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(upstream.requests.at(-1)!.raw.toString()).toBe(
      '{ "model":"gpt-5","input":"hi", "extra_body":{"seed":1},' +
        ' "fallbacks":[{"model":"b","fallbacks":[{"model":"c"}]},"d"] }',
    );
  });

  test('the same names in tools and conversations, and containers without any, keep every byte', async () => {
    const body =
      '{ "model":"gpt-5", "input":[{"role":"user","content":"hi","api_key":1}], "metadata":{"api_key":"mine"},' +
      ' "tools":[{"type":"function","name":"f","parameters":{"properties":{"api_key":{}, "headers":{}}}}],' +
      ' "extra_body": { "seed" : 1.0 }, "fallbacks" : [ "b" ] }';
    await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(upstream.requests.at(-1)!.raw.toString()).toBe(body);
  });

  test('fallbacks nested deeper than LiteLLM takes them are refused', async () => {
    const nested = '[{"model":"b","fallbacks":'.repeat(40) + '[]' + '}]'.repeat(40);
    const body = `{"model":"gpt-5","input":"hi","fallbacks":${nested}}`;
    const { status, body: answer } = await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(status).toBe(400);
    expect(answer.toString()).toContain('\\"fallbacks\\" of the request body is nested deeper than 64');
  });

  for (const types of [
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['text/plain'],
    ['application/json', 'application/x-www-form-urlencoded'],
    ['application/jsonp'],
  ]) {
    test(`a body that comes as ${types.join(' and ')} goes up as the JSON that it was read as`, async () => {
      const body = '{"model":"gpt-5","input":"hi","a":"&model=other&api_key=sk-CLIENT&b="}';
      const headers = types.flatMap((type) => ['Content-Type', type]);
      await callRaw(middleware.port, { path: '/v1/responses', headers, body });
      const seen = upstream.requests.at(-1)!;
      expect(seen.raw.toString()).toBe(body);
      const sent = seen.rawHeaders.filter((_, i) => seen.rawHeaders[i - 1]?.toLowerCase() === 'content-type');
      expect(sent).toEqual(['application/json']);
    });
  }
});
