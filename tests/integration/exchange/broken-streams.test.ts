import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { chat, messages, responses, type Shape } from '../../support/fake-upstream/shapes.ts';
import { streams } from '../../support/fake-upstream/step.ts';
import { framed } from '../../support/framed.ts';
import { callRaw } from '../../support/raw-client.ts';

const why = 'the upstream ended its answer before it was complete';
const depths = [
  ['bytes', {}],
  ['events', { 'x-codex-plus-sentences': '1' }],
] as const;

describe('a stream that breaks, for the official SDKs', () => {
  let upstream: FakeUpstream;
  let middleware: ComposedMiddleware;
  let openai: OpenAI;
  let anthropic: Anthropic;

  beforeAll(async () => {
    upstream = await startFakeUpstream();
    middleware = await composeMiddleware(upstream.url);
    openai = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    anthropic = new Anthropic({ baseURL: middleware.url, apiKey: 'unused', maxRetries: 0 });
  });

  afterAll(async () => {
    await middleware.close();
    await upstream.close();
  });

  /** Has the upstream stop after as many frames of an answer. */
  function breakAfter(shape: Shape, count: number): void {
    const frames = framed(shape.events('gpt-5', [{ kind: 'text', text: 'Half of it. And more.' }], 0));
    upstream.use(() => streams(frames.slice(0, count), { then: 'end' }));
  }

  for (const [depth, headers] of depths) {
    test.each([
      ['behind the first event', 1],
      ['inside of an item', 6],
      ['behind an item', 10],
    ])(`OpenAI: a response that breaks %s says why (${depth}) [PX-1] [PX-4]`, async (_moment, count) => {
      breakAfter(responses, count);
      const stream = openai.responses.stream({ model: 'gpt-5', input: 'hi' }, { headers });
      const numbers: number[] = [];
      stream.on('event', ({ sequence_number: number }) => numbers.push(number));
      const response = await stream.finalResponse();
      expect(response.error?.message).toBe(why);
      expect([response.status, response.error?.code]).toEqual(['failed', 'stream_incomplete']);
      expect(response.id).toBe('resp_scripted');
      expect([response.model, response.output]).toEqual(['gpt-5', []]);
      expect(numbers.at(-1)).toBe((numbers.at(-2) ?? NaN) + 1);
    });

    test(`OpenAI: a response of which no event came says so (${depth}) [PX-1] [PX-4]`, async () => {
      // The head is out when the stream ends.
      upstream.use(() => streams([': waiting\n\n', ': waiting\n\n'], { then: 'end', pauseMs: 20 }));
      const stream = openai.responses.stream({ model: 'gpt-5', input: 'hi' }, { headers });
      const response = await stream.finalResponse();
      expect(response).toMatchObject({
        ...{ model: 'gpt-5', output: [], status: 'failed' },
        id: expect.stringMatching(/^resp_codexplus_[\w-]+$/) as unknown,
        error: {
          code: 'stream_incomplete',
          message: 'the provider answered with nothing at all (it was called for "gpt-5")',
        },
      });
    });

    test(`OpenAI: a chat completion that breaks says why (${depth}) [PX-1] [PX-4]`, async () => {
      breakAfter(chat, 3);
      const stream = openai.chat.completions.stream(
        { model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] },
        { headers },
      );
      await expect(stream.finalMessage()).rejects.toThrow(why);
    });

    test(`Anthropic: a message that breaks says why (${depth}) [PX-1] [PX-4]`, async () => {
      breakAfter(messages, 4);
      const stream = anthropic.messages.stream(
        { model: 'claude-3-5-sonnet', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] },
        { headers },
      );
      await expect(stream.finalMessage()).rejects.toThrow(why);
    });
  }

  test('a provider that numbers nothing gets no numbers at its end [PX-4]', async () => {
    const created = 'data: {"type":"response.created","response":{"id":"r","model":"other"}}\n\n';
    upstream.use(() => streams([created, ': c\n\n'], { then: 'end' }));
    const body = '{"model":"gpt-5","stream":true,"input":"hi"}';
    const { body: answer } = await callRaw(middleware.port, { path: '/v1/responses', body });
    const [, last = ''] = answer.toString().split('event: response.failed\ndata: ');
    expect(JSON.parse(last)).toEqual({
      type: 'response.failed',
      response: {
        ...{ id: 'r', model: 'other', status: 'failed' },
        error: { code: 'stream_incomplete', message: expect.stringContaining(why) as unknown },
      },
    });
  });

  test('a stream whose length its upstream announced is no longer than its client is told [PX-4]', async () => {
    const created = 'data: {"type":"response.created","response":{"id":"r"}}\n\n';
    const step = streams([created]);
    if (step.kind !== 'bytes') throw new Error(step.kind);
    upstream.use(() => ({ ...step, headers: [...step.headers, 'content-length', `${created.length}`] }));
    const body = '{"model":"gpt-5","stream":true,"input":"hi"}';
    const answer = await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(answer.isWhole).toBe(true);
    expect(answer.body.toString()).toContain('event: response.failed');
  });
});
