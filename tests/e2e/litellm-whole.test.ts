import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../middleware/kernel/json-object.ts';
import { startAnsweredTiers, type AnsweredTiers } from '../support/strict/answered-tiers.ts';

const twoMinutes = 120_000;
const compact = '/v1/responses/compact';
const paths = ['/v1/responses', '/v1/messages', '/v1/chat/completions', compact];
let tiers: AnsweredTiers;

beforeAll(async () => {
  tiers = await startAnsweredTiers();
}, twoMinutes);

afterAll(() => tiers.close(), twoMinutes);

const half = 'half of a summ';
const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };

/** A whole answer of a provider, `end` in the place of why it ended. */
function answerOf(model: string, end: JsonObject, hasCall = false): JsonObject {
  if (model === 'gemini') {
    const { finish_reason: finishReason } = end;
    const part = hasCall ? { functionCall: { name: 'f', args: { a: 1 } } } : { text: half };
    const told = finishReason === null || finishReason === undefined ? {} : { finishReason };
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 };
    return { candidates: [{ content: { role: 'model', parts: [part] }, ...told }], usageMetadata };
  }
  const said = hasCall ? { content: null, tool_calls: [call] } : { content: half };
  const choice = { index: 0, message: { role: 'assistant', ...said }, ...end };
  return { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices: [choice] };
}

interface Asked {
  readonly model: string;
  readonly path: string;
  readonly stream?: boolean;
}

async function asked({ model, path, stream }: Asked): Promise<{ status: number; text: string }> {
  const messages = [{ role: 'user', content: 'go' }];
  const said = path.startsWith('/v1/responses') ? { input: messages } : { messages, max_tokens: 9 };
  const answer = await fetch(tiers.middleware.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, ...said, ...(stream === true ? { stream } : {}) }),
  });
  return { status: answer.status, text: await answer.text() };
}

function serve(answer: JsonObject): void {
  tiers.provider.answer((res) =>
    res.setHeader('content-type', 'application/json').end(JSON.stringify(answer)),
  );
}

function serveStream(events: readonly JsonObject[]): void {
  tiers.provider.answer((res) => {
    res.setHeader('content-type', 'text/event-stream');
    res.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
  });
}

/** Models of chats alone, and one of OpenAI's API for clients of chats. */
const asChats = ['chat', 'deepseek', 'gemini', 'grok', 'openai'].flatMap((model) =>
  paths
    .filter((path) => !['grok', 'openai'].includes(model) || path === '/v1/chat/completions')
    .map((path) => ({ model, path })),
);

describe('[RT-4] an answer that is no stream, with LiteLLM between,', () => {
  test.each(asChats)('is a failure where it does not say why it ended: $model $path', async (way) => {
    for (const end of [{}, { finish_reason: null }]) {
      serve(answerOf(way.model, end));
      const { status, text } = await asked(way);
      expect([status, text]).toEqual([502, expect.stringContaining('ended before it was whole')]);
    }
  });

  test('is one also where its half is a call', async () => {
    for (const model of ['chat', 'gemini']) {
      serve(answerOf(model, {}, true));
      for (const path of paths) expect((await asked({ model, path })).status).toBe(502);
    }
  });

  test.each(asChats.filter(({ model }) => model !== 'gemini'))(
    'is a failure where its provider says that it broke off: $model $path',
    async (way) => {
      for (const word of ['error', 'abort']) {
        serve(answerOf(way.model, { finish_reason: word }));
        const { status, text } = await asked(way);
        const who = `the server of "${way.model}" (the api_base of its entry in LiteLLM's file)`;
        const told = JSON.stringify(`the answer broke off at ${who}: ${word}`).slice(1, -1);
        expect([status, text]).toEqual([502, expect.stringContaining(told)]);
      }
    },
  );

  test('has the words that its provider gives for it', async () => {
    const error = { code: 429, message: 'too many at once' };
    for (const path of paths) {
      serve(answerOf('chat', { finish_reason: 'error', error }));
      const { status, text } = await asked({ model: 'chat', path });
      expect([status, text]).toEqual([429, expect.stringContaining('too many at once')]);
    }
  });

  test.each(asChats)('is whole where it says so: $model $path', async (way) => {
    serve(answerOf(way.model, { finish_reason: way.model === 'gemini' ? 'STOP' : 'stop' }));
    const { status, text } = await asked(way);
    expect([status, text]).toEqual([200, expect.stringMatching(/"(?:stop|end_turn|completed|compaction)"/)]);
  });
});

const unknownWords = [
  ...['chat', 'deepseek', 'grok', 'openai'].map((model) => [model, 'next_years'] as const),
  ...['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'NEXT_YEARS'].map(
    (word) => ['gemini', word] as const,
  ),
];

function streamOf(model: string, word: string): readonly JsonObject[] {
  if (model === 'gemini') return [answerOf(model, {}), answerOf(model, { finish_reason: word })];
  const chunk = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' };
  return [
    { ...chunk, choices: [{ index: 0, delta: { role: 'assistant', content: half }, finish_reason: null }] },
    { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: word }] },
  ];
}

describe('[RT-4] an end that nobody knows, with LiteLLM between,', () => {
  test.each(unknownWords)('is that of a limit to clients of chats: %s %s', async (model, word) => {
    const path = '/v1/chat/completions';
    serve(answerOf(model, { finish_reason: word }));
    expect(JSON.parse((await asked({ model, path })).text)).toMatchObject({
      choices: [{ finish_reason: 'length' }],
    });
    serve(answerOf(model, { finish_reason: word }, true));
    expect(JSON.parse((await asked({ model, path })).text)).toMatchObject({
      choices: [{ finish_reason: 'length' }],
    });
    serveStream(streamOf(model, word));
    const { text } = await asked({ model, path, stream: true });
    expect(text.match(/"finish_reason": ?"\w+"/g)).toEqual(['"finish_reason":"length"']);
  });

  test.each(unknownWords.filter(([model]) => !['grok', 'openai'].includes(model)))(
    'is told to clients of Responses: %s %s',
    async (model, word) => {
      const path = '/v1/responses';
      const told = { status: 'incomplete', incomplete_details: { reason: word } };
      serve(answerOf(model, { finish_reason: word }));
      expect(JSON.parse((await asked({ model, path })).text)).toMatchObject(told);
      serveStream(streamOf(model, word));
      const { text } = await asked({ model, path, stream: true });
      const [, last = '{}'] = /^data: (\{"type":"response.incomplete".*)$/m.exec(text) ?? [];
      expect(JSON.parse(last)).toMatchObject({ response: told });
      serve(answerOf(model, { finish_reason: word }));
      expect((await asked({ model, path: compact })).status).toBe(502);
    },
  );
});
