import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../middleware/kernel/json-object.ts';
import { startAnsweringServer, type AnsweringServer } from '../support/answering-server.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { strictLitellmConfig } from '../support/strict/litellm-config.ts';

const twoMinutes = 120_000;
let provider: AnsweringServer;
let middleware: RunningMiddleware;

beforeAll(async () => {
  provider = await startAnsweringServer();
  middleware = await startMiddleware({
    upstreamUrl: provider.url,
    litellmPort: await sparePort(),
    litellmConfig: strictLitellmConfig(provider.url),
  });
  await middleware.untilLitellmIs('ready');
}, twoMinutes);

afterAll(async () => {
  await middleware.stop();
  await provider.close();
}, twoMinutes);

async function asked(
  model: string,
  items: readonly JsonObject[],
  events: readonly string[],
): Promise<string> {
  provider.answer((res) => {
    res.setHeader('content-type', 'text/event-stream');
    res.end(events.map((event) => `data: ${event}\n\n`).join(''));
  });
  const answer = await fetch(`${middleware.url}/v1/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: true, input: [{ role: 'user', content: 'go' }, ...items] }),
  });
  return answer.text();
}

const gemini = (parts: readonly JsonObject[], finishReason?: string): string =>
  JSON.stringify({ candidates: [{ content: { role: 'model', parts }, finishReason }] });
const chat = (delta: JsonObject, finish_reason: string | null = null): string =>
  JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });
const text = { text: 'half of a summ' };
const half = { role: 'assistant', content: 'half of a summ' };

const cutOff: readonly (readonly [string, string, readonly string[]])[] = [
  ['Gemini says nothing of its end', 'gemini', [gemini([text])]],
  ['Gemini ends in a call', 'gemini', [gemini([{ functionCall: { name: 'f', args: { a: 1 } } }])]],
  ['Gemini could not write it', 'gemini', [gemini([text]), gemini([], 'MALFORMED_RESPONSE')]],
  ['Gemini ends in a word of next year', 'gemini', [gemini([text], 'NEXT_YEARS')]],
  ['DeepSeek says nothing of its end', 'deepseek', [chat(half), '[DONE]']],
  ['DeepSeek broke off', 'deepseek', [chat(half), chat({}, 'error'), '[DONE]']],
  ['DeepSeek lost its network', 'deepseek', [chat(half), chat({}, 'network_error'), '[DONE]']],
  ['another lost its network', 'chat', [chat(half), chat({}, 'network_error'), '[DONE]']],
];

describe('[RT-4] an answer that is not whole, with LiteLLM between', () => {
  for (const [what, model, events] of cutOff)
    test(`does not end as one that is: ${what}`, async () => {
      const answer = await asked(model, [], events);
      expect(answer).toMatch(/event: response\.(?:failed|incomplete)\n/);
      expect(answer).not.toMatch(/response\.completed|"status":"completed","arguments"/);
      const compaction = await asked(model, [{ type: 'compaction_trigger' }], events);
      expect(compaction).toContain('event: response.failed\n');
      expect(compaction).not.toContain('"type":"compaction"');
    });

  test.each([
    ['gemini', [gemini([text]), gemini([], 'STOP')]],
    ['gemini', [gemini([{ functionCall: { name: 'f', args: { a: 1 } } }]), gemini([], 'STOP')]],
    ['gemini', [gemini([text], 'STOP')]],
    ['deepseek', [chat(half), chat({}, 'stop'), '[DONE]']],
    ['chat', [chat(half), chat({}, 'stop'), '[DONE]']],
    ['chat', [chat(half, 'stop')]],
  ] as const)('and one that is, does: %s %#', async (model, events) => {
    expect(await asked(model, [], events)).toContain('event: response.completed\n');
  });
});

const insteadOfStreams: readonly (readonly [string, string, string])[] = [
  ['an error', 'application/json', '{"error":{"message":"no credits","code":402}}'],
  ['a page', 'text/event-stream', '<html><body>Bad gateway</body></html>'],
  ['half an error', 'text/event-stream', '{"error":{"mess'],
  ['nothing', 'text/event-stream', ''],
];

/** OpenAI's own answers go to a client of its API as they came. */
const ways = ['chat', 'openai', 'gemini', 'deepseek'].flatMap((model) =>
  ['/v1/responses', '/v1/chat/completions', '/v1/messages']
    .filter((path) => model !== 'openai' || path !== '/v1/responses')
    .map((path) => ({ model, path })),
);

async function streamed({ model, path }: (typeof ways)[number]): Promise<string> {
  const messages = [{ role: 'user', content: 'go' }];
  const said = path === '/v1/responses' ? { input: messages } : { messages, max_tokens: 9 };
  const answer = await fetch(middleware.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: true, ...said }),
  });
  return answer.text();
}

describe('[RT-4] what a provider gives in the place of a stream, with LiteLLM between', () => {
  test.each(insteadOfStreams)(
    'is no empty answer to any client: %s',
    async (_what, type, body) => {
      provider.answer((res) => res.setHeader('content-type', type).end(body));
      // At once: LiteLLM tries each again after two seconds.
      for (const text of await Promise.all(ways.map(streamed))) {
        expect(text).toMatch(/"error"|response\.failed/);
        expect(text).not.toMatch(/event: (?:response\.completed|message_stop)|"finish_reason":"/);
      }
    },
    twoMinutes,
  );
});

/** What LiteLLM makes of answers that came whole to a call for a stream, by the kind of provider. */
const wholeAnswers: readonly (readonly [string, object])[] = [
  [
    'claude',
    {
      ...{
        id: 'm1',
        type: 'message',
        role: 'assistant',
        model: 'm',
        stop_reason: 'end_turn',
        stop_sequence: null,
      },
      content: [{ type: 'text', text: 'good answer' }],
      usage: { input_tokens: 1, output_tokens: 2 },
    },
  ],
  [
    'deepseek',
    {
      ...{ id: 'c1', object: 'chat.completion', created: 1, model: 'm' },
      choices: [{ index: 0, message: { role: 'assistant', content: 'good answer' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    },
  ],
];
const paths = ['/v1/responses', '/v1/chat/completions', '/v1/messages'];

describe('[RT-4] with LiteLLM between', () => {
  test.each(wholeAnswers)('a whole answer to a call for a stream is one: %s', async (model, body) => {
    provider.answer((res) => res.setHeader('content-type', 'application/json').end(JSON.stringify(body)));
    for (const path of paths) {
      const text = await streamed({ model, path });
      expect(text).toContain('good answer');
      expect(text).toMatch(/event: (?:response\.completed|message_stop)|"finish_reason":"stop"/);
    }
  });

  test.each(paths)('an error of Anthropic in the place of a stream keeps its words: %s', async (path) => {
    provider.answer((res) =>
      res.setHeader('content-type', 'application/json').end('{"error":{"message":"no credits"}}'),
    );
    expect(await streamed({ model: 'claude', path })).toMatch(/"error":\{.*"message":"no credits"/);
  });

  test.each(['deepseek', 'chat'])('an error in mid-stream has no words of LiteLLM: %s', async (model) => {
    const error = { message: 'Rate limit reached. Please try again in 7s', code: 'rate_limit_exceeded' };
    provider.answer((res) => {
      res.setHeader('content-type', 'text/event-stream');
      res.end(`data: ${chat(half)}\n\ndata: ${JSON.stringify({ error })}\n\n`);
    });
    const text = await streamed({ model, path: '/v1/chat/completions' });
    const told = { ...error, type: 'rate_limit_error', param: null };
    const [, said = '{}'] = /^data: (\{"error".*)$/m.exec(text) ?? [];
    expect(JSON.parse(said)).toEqual({ error: told });
  });
});
