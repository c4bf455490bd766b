import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { ownedApi, pathBelowRoot } from '../../../middleware/protocol/api-path.ts';
import { localReply } from '../../../middleware/protocol/local-reply.ts';
import { startAnsweringServer, type AnsweringServer } from '../../support/answering-server.ts';

const text = '## Commands\n\n- `/fix [issue]`: Héllo, 你好 🌍\n\n```sh\necho "data: [DONE]"\n```\n';
const asked = [{ role: 'user' as const, content: '/help' }];

interface Body {
  readonly model: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
}

describe('the official SDKs on answers that no model made', () => {
  let server: AnsweringServer;
  let openai: OpenAI;
  let anthropic: Anthropic;

  beforeAll(async () => {
    server = await startAnsweringServer();
    server.answer((res, { url, body: bytes }) => {
      const { model, stream = false, stream_options: asks } = JSON.parse(bytes.toString()) as Body;
      const api = ownedApi(pathBelowRoot(url));
      if (api === undefined) throw new Error(`no SDK calls ${url}`);
      const includeUsage = asks?.include_usage === true;
      const { status, headers, body } = localReply(
        { api, stream, includeUsage, model, id: 'a1', nowSeconds: 1_790_000_000 },
        text,
      );
      res.writeHead(status, headers as string[]);
      res.end(body.kind === 'bytes' ? body.bytes : undefined);
    });
    openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    anthropic = new Anthropic({ baseURL: server.url, apiKey: 'unused', maxRetries: 0 });
  });

  afterAll(() => server.close());

  test('OpenAI: a response [CMD-4]', async () => {
    const response = await openai.responses.create({ model: 'gpt-5', input: '/help' });
    expect([response.output_text, response.status, response.model]).toEqual([text, 'completed', 'gpt-5']);
    expect(response._request_id).toBe('a1');
  });

  test('OpenAI: a response, streamed [CMD-4]', async () => {
    const stream = openai.responses.stream({ model: 'gpt-5', input: '/help' });
    let told = '';
    stream.on('response.output_text.delta', ({ delta }) => {
      told += delta;
    });
    const response = await stream.finalResponse();
    expect([told, response.output_text, response.status]).toEqual([text, text, 'completed']);
  });

  test('OpenAI: a chat completion [CMD-4]', async () => {
    const { choices, usage } = await openai.chat.completions.create({ model: 'gpt-5', messages: asked });
    expect(choices).toMatchObject([{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }]);
    expect(usage?.total_tokens).toBe(0);
  });

  test('OpenAI: a chat completion, streamed, with its usage [CMD-4]', async () => {
    const stream = openai.chat.completions.stream({
      model: 'gpt-5',
      messages: asked,
      stream_options: { include_usage: true },
    });
    const { choices, usage } = await stream.finalChatCompletion();
    expect(choices).toMatchObject([{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }]);
    expect(usage?.total_tokens).toBe(0);
  });

  test('OpenAI: a legacy completion, whole and streamed [CMD-4]', async () => {
    const whole = await openai.completions.create({ model: 'gpt-5', prompt: '/help' });
    expect(whole.choices[0]?.text).toBe(text);
    let told = '';
    const stream = await openai.completions.create({ model: 'gpt-5', prompt: '/help', stream: true });
    for await (const { choices } of stream) told += choices[0]?.text ?? '';
    expect(told).toBe(text);
  });

  test('Anthropic: a message [CMD-4]', async () => {
    const { content, stop_reason: reason } = await anthropic.messages.create({
      model: 'claude-sonnet-5',
      max_tokens: 100,
      messages: asked,
    });
    expect([content, reason]).toEqual([[{ type: 'text', text }], 'end_turn']);
  });

  test('Anthropic: a message, streamed [CMD-4]', async () => {
    const stream = anthropic.messages.stream({
      model: 'claude-sonnet-5',
      max_tokens: 100,
      messages: asked,
    });
    const message = await stream.finalMessage();
    expect(message.content).toMatchObject([{ type: 'text', text }]);
    expect([message.stop_reason, message.usage.output_tokens]).toEqual(['end_turn', 0]);
  });
});
