import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startAnsweredTiers, type AnsweredTiers } from '../support/strict/answered-tiers.ts';

const twoMinutes = 120_000;
let tiers: AnsweredTiers;

beforeAll(async () => {
  const settings = 'router_settings: { num_retries: 0, disable_cooldowns: true }\n';
  tiers = await startAnsweredTiers(settings);
}, twoMinutes);

afterAll(() => tiers.close(), twoMinutes);

const paths = ['/responses', '/chat/completions', '/messages', '/completions'];
const ways = ['openai', 'claude', 'gemini', 'deepseek', 'chat', 'grok'].flatMap((model) =>
  paths.map((path) => ({ model, path })),
);

interface Told {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly error: { readonly code: string; readonly message: string };
}

async function told({ model, path }: (typeof ways)[number], stream: boolean): Promise<Told> {
  const messages = [{ role: 'user', content: 'go' }];
  const said = {
    '/responses': { input: 'go' },
    '/responses/compact': { input: 'go' },
    '/completions': { prompt: 'go' },
  }[path] ?? { messages, max_tokens: 9 };
  const answer = await fetch(`${tiers.middleware.url}/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream, ...said }),
  });
  const { error } = (await answer.json()) as Pick<Told, 'error'>;
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), error };
}

function refuse(status: number, headers: Readonly<Record<string, string>> = {}): void {
  tiers.provider.answer((res, { url }) => {
    const error = url.includes('gemini')
      ? { code: status, message: 'No.', status: 'ABORTED' }
      : { type: 'odd', message: 'No.', param: null, code: 'odd' };
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify(url.endsWith('/messages') ? { type: 'error', error } : { error }));
  });
}

test.each([
  [408, 504, 'upstream_timeout'],
  [409, 400, 'refused_by_provider'],
  [418, 400, 'refused_by_provider'],
])(
  '[RT-4] a provider’s %d is a %d in its words, in every API, behind the real LiteLLM',
  async (given, status, code) => {
    refuse(given);
    for (const stream of [false, true])
      for (const { error, ...answer } of await Promise.all(ways.map((way) => told(way, stream))))
        expect([answer.status, error.code, error.message]).toEqual([status, code, 'No.']);
  },
  twoMinutes,
);

test(
  '[RT-4] how long to wait in milliseconds comes through the real LiteLLM',
  async () => {
    refuse(429, { 'retry-after-ms': '12900' });
    // LiteLLM has no headers of the provider in errors of Completions.
    const others = ways.filter(({ path }) => path !== '/completions');
    for (const stream of [false, true])
      for (const answer of await Promise.all(others.map((way) => told(way, stream))))
        expect(answer).toMatchObject({ status: 429, retryAfter: '13' });
  },
  twoMinutes,
);

test(
  '[RT-4] a stream in the place of a whole answer is told in plain words behind the real LiteLLM',
  async () => {
    const events = {
      chat: `data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"words"}}]}\n\n`,
      messages: 'event: message_start\ndata: {"type":"message_start","message":{"content":["words"]}}\n\n',
      responses: 'event: response.created\ndata: {"type":"response.created","response":{"id":"words"}}\n\n',
    };
    tiers.provider.answer((res, { url }) => {
      const [, said] = Object.entries(events).find(([name]) => url.includes(`/${name}`)) ?? [];
      res.setHeader('content-type', 'text/event-stream').end(said ?? 'data: {"candidates":["words"]}\n\n');
    });
    const asked = [...ways, { model: 'openai', path: '/responses/compact' }];
    for (const { status, error } of await Promise.all(asked.map((way) => told(way, false)))) {
      expect(status).toBe(502);
      expect(error.message).not.toMatch(/words|data:|Exception/);
    }
  },
  twoMinutes,
);
