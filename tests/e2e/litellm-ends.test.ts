import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../middleware/kernel/json-object.ts';
import { startAnsweredTiers, type AnsweredTiers } from '../support/strict/answered-tiers.ts';

const twoMinutes = 120_000;
const paths = ['/v1/responses', '/v1/chat/completions', '/v1/messages'];
let tiers: AnsweredTiers;

beforeAll(async () => {
  tiers = await startAnsweredTiers();
}, twoMinutes);

afterAll(() => tiers.close(), twoMinutes);

function serve(events: readonly string[]): void {
  tiers.provider.answer((res) => {
    res.setHeader('content-type', 'text/event-stream');
    res.end(events.map((event) => `data: ${event}\n\n`).join(''));
  });
}

async function asked(
  model: string,
  items: readonly JsonObject[],
  events: readonly string[],
): Promise<string> {
  serve(events);
  const answer = await fetch(`${tiers.middleware.url}/v1/responses`, {
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

/** Sent to a client of each API: what comes of the answer, by the model. */
async function toldOf(model: string, events: readonly string[]): Promise<readonly string[]> {
  serve(events);
  // One after the other: LiteLLM leaves a model alone that fails in several calls at once.
  const told: string[] = [];
  for (const path of paths) told.push(await streamed({ model, path }));
  return told;
}

describe('[RT-4] a stream that is no answer, with LiteLLM between', () => {
  const words = ['error', 'network_error', 'insufficient_system_resource', 'cancelled'];
  test.each(['deepseek', 'chat'].flatMap((model) => words.map((word) => ({ model, word }))))(
    'is a failure where its provider says that it broke off: $model $word',
    async ({ model, word }) => {
      for (const text of await toldOf(model, [chat(half), chat({}, word), '[DONE]'])) {
        expect(text).toMatch(/"code":"stream_incomplete"/);
        expect(text).toContain(
          String.raw`the answer broke off at the server of \"${model}\" (the api_base of its entry in LiteLLM's file): ${word}`,
        );
        expect(text).not.toMatch(/max_tokens|response\.incomplete|"finish_reason":"|Received Chunk/);
      }
    },
  );

  test.each(['deepseek', 'chat'])('has the words that its provider gives for it: %s', async (model) => {
    const choice = { index: 0, delta: {}, finish_reason: 'error', error: { code: 502, message: 'no power' } };
    const end = JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [choice] });
    for (const text of await toldOf(model, [chat(half), end, '[DONE]'])) {
      expect(text).toContain('"message":"no power"');
      expect(text).not.toContain('Received Chunk');
    }
  });

  const errors = [
    [{ message: 'Invalid grammar', type: 'BadRequestError', code: 400 }, 'invalid'],
    [{ message: 'Invalid grammar', type: 'invalid_request_error' }, 'invalid'],
    [{ message: 'not for me', code: 'cyber_policy' }, 'invalid'],
    [{ message: 'slow down', code: 429 }, 'rate'],
    [{ message: 'slow down', code: '429' }, 'rate'],
    [{ message: 'slow down', code: 'rate_limit_exceeded' }, 'rate'],
    [{ message: 'too much', code: 'context_length_exceeded' }, 'context'],
    [{ message: 'no more', type: 'insufficient_quota', code: 'insufficient_quota' }, 'quota'],
    [{ message: 'go away', code: 503 }, 'failed'],
  ] as const;
  const codes = {
    invalid: ['"code":"invalid_prompt"', '"type":"invalid_request_error"', '"type":"invalid_request_error"'],
    rate: ['"code":"rate_limit_exceeded"', '"type":"rate_limit_error"', '"type":"rate_limit_error"'],
    context: ['"code":"context_length_exceeded"', '"code":"context_length_exceeded"', 'prompt is too long: '],
    quota: ['"code":"insufficient_quota"', '"code":"insufficient_quota"', '"code":"insufficient_quota"'],
    failed: ['"code":"server_error"', '"type":"server_error"', '"type":"api_error"'],
  };
  test.each(['deepseek', 'chat'].flatMap((model) => errors.map(([error, kind]) => ({ model, error, kind }))))(
    'keeps what its provider calls the error: $model $error',
    async ({ model, error, kind }) => {
      const told = await toldOf(model, [chat(half), JSON.stringify({ error })]);
      for (const [at, text] of told.entries()) {
        expect(text).toContain(codes[kind][at]);
        expect(text).toMatch(new RegExp(`"message":"(?:prompt is too long: )?${error.message}"`));
      }
    },
  );
});

const insteadOfStreams: readonly (readonly [string, string, string])[] = [
  ['an error', 'application/json', '{"error":{"message":"no credits","code":402}}'],
  ['a page', 'text/event-stream', '<html><body>Bad gateway</body></html>'],
  ['half an error', 'text/event-stream', '{"error":{"mess'],
  ['nothing', 'text/event-stream', ''],
];

const ways = ['chat', 'openai', 'gemini', 'deepseek'].flatMap((model) =>
  paths.map((path) => ({ model, path })),
);

async function streamed({ model, path }: (typeof ways)[number]): Promise<string> {
  const messages = [{ role: 'user', content: 'go' }];
  const said = path === '/v1/responses' ? { input: messages } : { messages, max_tokens: 9 };
  const answer = await fetch(tiers.middleware.url + path, {
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
      tiers.provider.answer((res) => res.setHeader('content-type', type).end(body));
      // At once: LiteLLM tries each again after two seconds.
      for (const text of await Promise.all(ways.map(streamed))) {
        expect(text).toMatch(/"error"|response\.failed/);
        expect(text).not.toMatch(/[Ss]tream ended before|closed the responses stream|Exception/);
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

describe('[RT-4] with LiteLLM between', () => {
  test.each(wholeAnswers)('a whole answer to a call for a stream is one: %s', async (model, body) => {
    tiers.provider.answer((res) =>
      res.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
    );
    for (const path of paths) {
      const text = await streamed({ model, path });
      expect(text).toContain('good answer');
      expect(text).toMatch(/event: (?:response\.completed|message_stop)|"finish_reason":"stop"/);
    }
  });

  test.each(paths)('an error of Anthropic in the place of a stream keeps its words: %s', async (path) => {
    tiers.provider.answer((res) =>
      res.setHeader('content-type', 'application/json').end('{"error":{"message":"no credits"}}'),
    );
    expect(await streamed({ model: 'claude', path })).toMatch(/"error":\{.*"message":"no credits"/);
  });

  test.each(['deepseek', 'chat'])('an error in mid-stream has no words of LiteLLM: %s', async (model) => {
    const error = { message: 'Rate limit reached. Please try again in 7s', code: 'rate_limit_exceeded' };
    tiers.provider.answer((res) => {
      res.setHeader('content-type', 'text/event-stream');
      res.end(`data: ${chat(half)}\n\ndata: ${JSON.stringify({ error })}\n\n`);
    });
    const text = await streamed({ model, path: '/v1/chat/completions' });
    const told = { ...error, type: 'rate_limit_error', param: null };
    const [, said = '{}'] = /^data: (\{"error".*)$/m.exec(text) ?? [];
    expect(JSON.parse(said)).toEqual({ error: told });
  });
});
