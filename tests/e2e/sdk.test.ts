import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI from 'openai';
import { rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { calls, says, status } from '../support/fake-upstream/step.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { until } from '../support/until.ts';

const twoMinutes = 120_000;
const text = 'Héllo, wörld: 你好 🌍!';

describe('the official SDKs through the real LiteLLM', () => {
  let upstream: FakeUpstream;
  let middleware: RunningMiddleware;
  let openai: OpenAI;
  let anthropic: Anthropic;

  beforeAll(async () => {
    upstream = await startFakeUpstream();
    middleware = await startMiddleware({
      upstreamUrl: upstream.url,
      litellmPort: await sparePort(),
      litellmConfig: await readFile(join(rootDir, 'config', 'litellm_config.yaml'), 'utf8'),
    });
    openai = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    anthropic = new Anthropic({ baseURL: middleware.url, apiKey: 'unused', maxRetries: 0 });
    await middleware.untilLitellmIs('ready');
  }, twoMinutes);

  afterAll(async () => {
    expect(await middleware.stop()).toBe(0);
    await upstream.close();
  }, twoMinutes);

  beforeEach(() => {
    upstream.forget();
    upstream.use(() => says(text));
  });

  test.each(['gpt-5', 'claude-3-5-sonnet'])('[PX-1] OpenAI: chat completions stream (%s)', async (model) => {
    const stream = await openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    let told = '';
    let tokens = 0;
    for await (const { choices, usage } of stream) {
      told += choices[0]?.delta.content ?? '';
      tokens = usage?.completion_tokens ?? tokens;
    }
    expect(told).toBe(text);
    expect(tokens).toBe(10);
  });

  test.each(['gpt-5', 'claude-3-5-sonnet'])('[PX-1] OpenAI: responses stream (%s)', async (model) => {
    const stream = openai.responses.stream({ model, input: 'hi' });
    let told = '';
    stream.on('response.output_text.delta', ({ delta }) => {
      told += delta;
    });
    const response = await stream.finalResponse();
    expect(told).toBe(text);
    expect(response.output_text).toBe(text);
    expect(response.status).toBe('completed');
  });

  test.each(['claude-3-5-sonnet', 'gpt-5'])('[PX-1] Anthropic: messages stream (%s)', async (model) => {
    const stream = anthropic.messages.stream({
      model,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect(await stream.finalText()).toBe(text);
  });

  test('[PX-1] Anthropic: a tool call keeps its input', async () => {
    upstream.use(() => calls('weather', { city: 'Zürich' }, 'toolu_1'));
    const message = await anthropic.messages
      .stream({
        model: 'claude-3-5-sonnet',
        max_tokens: 100,
        messages: [{ role: 'user', content: 'hi' }],
        tools: [
          { name: 'weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } },
        ],
      })
      .finalMessage();
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toMatchObject([{ type: 'tool_use', name: 'weather', input: { city: 'Zürich' } }]);
  });

  test('[PX-1] the list of models has the names and the aliases', async () => {
    const ids: string[] = [];
    for await (const { id } of openai.models.list()) ids.push(id);
    expect(ids).toEqual(
      expect.arrayContaining(['gpt-4', 'gpt-5', 'claude-3-5-sonnet', 'gpt5-high', 'gpt-high']),
    );
  });

  test("an error of the provider has the SDK's own class, with the provider's words", async () => {
    upstream.use(() =>
      status(400, { error: { message: 'the made-up reason', type: 'invalid_request_error', code: null } }),
    );
    await expect(openai.responses.create({ model: 'gpt-5', input: 'hi' })).rejects.toThrow(
      OpenAI.BadRequestError,
    );
    await expect(openai.responses.create({ model: 'gpt-5', input: 'hi' })).rejects.toThrow(
      'the made-up reason',
    );
    await expect(
      anthropic.messages.create({
        model: 'nope',
        max_tokens: 9,
        messages: [{ role: 'user', content: 'hi' }],
      }),
    ).rejects.toThrow(Anthropic.NotFoundError);
  });

  test('[OBS-3] one id names a request in the answer, in our log and at LiteLLM', async () => {
    const { response } = await openai.chat.completions
      .create({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] })
      .withResponse();
    const id = response.headers.get('x-request-id');
    expect(id).toMatch(/^[\w-]{36}$/);
    const linesOf = (wanted: unknown): typeof middleware.lines =>
      middleware.lines.filter((line) => line['id'] === wanted);
    await until(() => linesOf(id).some(({ message }) => message === 'exchange'));

    upstream.use(() => status(500, { error: { message: 'made up', type: 'server_error' } }));
    const failed = await openai.chat.completions
      .create({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] })
      .catch((error: unknown) =>
        (error as InstanceType<typeof OpenAI.APIError>).headers?.get('x-request-id'),
      );
    await until(() => linesOf(failed).some(({ source }) => source === 'litellm'));
  });

  test('[OBS-1] the metrics have tokens and cost by model and provider', async () => {
    await openai.responses.stream({ model: 'gpt-5', input: 'hi' }).finalResponse();
    const metrics = await (await fetch(`${middleware.url}/metrics`)).text();
    expect(metrics).toMatch(/codex_plus_tokens_total\{[^}]*model="gpt-5"[^}]*\} [1-9]/);
    expect(metrics).toMatch(/codex_plus_cost_[a-z_]*total\{[^}]*model="gpt-5"[^}]*\} 0\.0\d+/);
  });
});
