import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { status, streams, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let litellm: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([
    ...[deployment('claude', 'anthropic'), deployment('gpt', 'openai'), deployment('gemini', 'gemini')],
  ]);
  litellm = await composeMiddleware(upstream.url, {});
});

afterAll(async () => {
  await litellm.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
});

type Usage = readonly [input: number, output: number] | undefined;

/** Nothing, as each provider says it in a stream, and in an answer that is none. */
const nothing: Readonly<
  Record<string, (usage: Usage) => { readonly whole: object; readonly events: readonly object[] }>
> = {
  claude: (usage) => {
    const told = { usage: { input_tokens: usage?.[0] ?? 0, output_tokens: usage?.[1] ?? 0 } };
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: 'end_turn',
    };
    return {
      whole: { ...message, ...told },
      events: [
        { type: 'message_start', message: { ...message, stop_reason: null, ...told } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, ...told },
        { type: 'message_stop' },
      ],
    };
  },
  gemini: (usage) => {
    const told =
      usage === undefined ? {} : { usage: { prompt_tokens: usage[0], completion_tokens: usage[1] } };
    const end = { index: 0, finish_reason: 'stop' };
    return {
      whole: { id: 'c', choices: [{ ...end, message: { role: 'assistant', content: '' } }], ...told },
      events: [{ id: 'c', choices: [{ ...end, delta: {} }], ...told }],
    };
  },
  gpt: (usage) => {
    const told = usage === undefined ? {} : { usage: { input_tokens: usage[0], output_tokens: usage[1] } };
    const response = { id: 'r', object: 'response', status: 'completed', output: [], ...told };
    return { whole: response, events: [{ type: 'response.completed', response }] };
  },
};

const sse = (events: readonly object[]): Step =>
  streams(events.map((event) => `data: ${JSON.stringify(event)}\n\n`));

async function call(path: string, model: string, stream: boolean): Promise<readonly [number, string]> {
  const messages = [{ role: 'user', content: 'hi' }];
  const said = path === '/v1/responses' ? { input: 'hi' } : { messages, max_tokens: 9 };
  const body = JSON.stringify({ model, stream, ...said });
  const answer = await callRaw(litellm.port, { path, body });
  return [answer.status, answer.body.toString()];
}

/** Each client at each provider that has another API. */
const ways = [
  ['/v1/responses', 'claude'],
  ['/v1/responses', 'gemini'],
  ['/v1/chat/completions', 'claude'],
  ['/v1/messages', 'gemini'],
  ['/v1/messages', 'gpt'],
] as const;

describe('[RT-4] an answer with nothing in it, for which no token was written', () => {
  test.each(ways)('is a failure: %s at %s', async (path, model) => {
    for (const usage of [undefined, [7, 0]] as const) {
      const { whole, events } = nothing[model]?.(usage) ?? { whole: {}, events: [] };
      upstream.use(() => status(200, whole));
      const [code, text] = await call(path, model, false);
      expect([code, text]).toEqual([502, expect.stringContaining('answered with nothing at all')]);
      upstream.use(() => sse(events));
      const [, streamed] = await call(path, model, true);
      expect(streamed).toContain('answered with nothing at all');
      expect(streamed).not.toMatch(/response\.completed|message_stop|"finish_reason":"/);
    }
  });

  test.each(ways)(
    'and one of which the model wrote something that is not shown is none: %s at %s',
    async (path, model) => {
      const { whole, events } = nothing[model]?.([7, 2]) ?? { whole: {}, events: [] };
      upstream.use(() => status(200, whole));
      expect((await call(path, model, false))[0]).toBe(200);
      upstream.use(() => sse(events));
      expect((await call(path, model, true))[1]).toMatch(
        /response\.completed|message_stop|"finish_reason":"/,
      );
    },
  );
});
