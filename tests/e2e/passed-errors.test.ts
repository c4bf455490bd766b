import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startAnsweringServer, type AnsweringServer } from '../support/answering-server.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';

const twoMinutes = 120_000;

/** Each name is a model whose provider answers below the path of that name. */
const config = `model_list:
  - model_name: gemini
    litellm_params: { model: gemini/gemini-2.5-pro, api_key: made-up, api_base: HERE/gemini }
  - model_name: gemini-refused
    litellm_params: { model: gemini/gemini-2.5-pro, api_key: os.environ/OPENAI_API_KEY, api_base: HERE/refused }
  - model_name: chat-only
    litellm_params: { model: openai/qwen, api_key: made-up, api_base: HERE/chat-only }
  - model_name: unnamed
    litellm_params: { model: openai/qwen, api_key: made-up, api_base: HERE/unnamed }
  - model_name: refused
    litellm_params: { model: openai/gpt-5, api_key: os.environ/OPENAI_API_KEY, api_base: HERE/refused }
  - model_name: wrong
    litellm_params: { model: openai/gpt-5, api_key: made-up, api_base: HERE/wrong }
  - model_name: busy
    litellm_params: { model: openai/gpt-5, api_key: made-up, api_base: HERE/busy }
  - model_name: claude
    litellm_params: { model: anthropic/claude-sonnet-4-5, api_key: made-up, api_base: HERE/claude }
router_settings: { num_retries: 0 }
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }
`;

function openai(message: string, names: object): string {
  return JSON.stringify({
    error: { message, type: 'invalid_request_error', param: null, code: null, ...names },
  });
}

const answers: Readonly<Record<string, readonly [number, string, Readonly<Record<string, string>>?]>> = {
  gemini: [200, '{"totalTokens":42}'],
  refused: [401, openai('Incorrect API key provided', { code: 'invalid_api_key' })],
  'chat-only': [404, '{"detail":"Not Found"}'],
  unnamed: [404, openai('The model `qwen` does not exist', { code: 'model_not_found' })],
  wrong: [400, openai("it's wrong", { param: 'input', code: 'bad_input' })],
  busy: [429, openai('slow down', { type: 'requests', code: 'rate_limit_exceeded' }), { 'retry-after': '7' }],
  claude: [400, '{"type":"error","error":{"type":"invalid_request_error","message":"messages.0: bad role"}}'],
};

let provider: AnsweringServer;
let middleware: RunningMiddleware;

beforeAll(async () => {
  provider = await startAnsweringServer();
  provider.answer((res, { url }) => {
    const [status, body, headers = {}] = answers[url.split('/')[1] ?? ''] ?? [500, '{}'];
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  middleware = await startMiddleware({
    upstreamUrl: provider.url,
    litellmPort: await sparePort(),
    litellmConfig: config.replaceAll('HERE', provider.url),
  });
  await middleware.untilLitellmIs('ready');
}, twoMinutes);

afterAll(async () => {
  await middleware.stop();
  await provider.close();
}, twoMinutes);

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Readonly<Record<string, unknown>>;
}

async function call(path: string, body?: object): Promise<Told> {
  const answer = await fetch(`${middleware.url}/v1${path}`, {
    headers: { 'content-type': 'application/json', 'x-api-key': 'sk-of-the-client' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const { status, headers } = answer;
  return { status, headers, json: (await answer.json()) as Told['json'] };
}

const said = [{ role: 'user', content: 'hi there' }];

/** In both APIs that have counts. */
async function counted(model: string): Promise<readonly Told[]> {
  return [
    await call('/messages/count_tokens', { model, messages: said }),
    await call('/responses/input_tokens', { model, input: 'hi there' }),
  ];
}

describe('tokens that are counted before a call [RT-4]', () => {
  test('Gemini counts its own, with tools and their outputs', async () => {
    for (const { status, json } of await counted('gemini'))
      expect([status, json]).toEqual([
        200,
        expect.objectContaining({ input_tokens: 42, litellm_count_source: 'provider' }),
      ]);
    const messages = [
      ...said,
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'seen' }] },
    ];
    const tools = [{ name: 'look', input_schema: { type: 'object' } }];
    const { json } = await call('/messages/count_tokens', { model: 'gemini', messages, tools });
    expect(json).toMatchObject({ input_tokens: 42 });
    const last = provider.calls.at(-1);
    expect(last?.url).toBe('/gemini/v1beta/models/gemini-2.5-pro:countTokens');
    expect(last?.body.toString()).toMatch(/"function_?[rR]esponse":\{"name":"look","response":/);
  });

  test('LiteLLM estimates them where the provider has no way to count, and says so', async () => {
    for (const { status, json } of await counted('chat-only'))
      expect([status, json]).toEqual([
        200,
        expect.objectContaining({ input_tokens: 9, litellm_count_source: 'local_estimate' }),
      ]);
  });

  test('a provider that does not know its model is told, and nothing is estimated', async () => {
    for (const { status, json } of await counted('unnamed')) {
      expect(status).toBe(404);
      expect(JSON.stringify(json)).toContain('The model `qwen` does not exist');
    }
  });

  test.each(['refused', 'gemini-refused'])(
    '%s: its key is meant, and not the one of the client',
    async (model) => {
      for (const { status, json } of await counted(model)) {
        expect([status, json['error']]).toEqual([
          400,
          expect.objectContaining({ code: 'provider_key_refused' }),
        ]);
        expect(JSON.stringify(json)).toContain('(OPENAI_API_KEY): Incorrect API key provided');
      }
    },
  );

  test('the words of the provider are the ones of the client’s API', async () => {
    const [ofMessages, ofResponses] = await counted('wrong');
    expect(ofMessages?.json).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: "it's wrong", code: 'bad_input' },
    });
    expect(ofResponses?.json).toEqual(JSON.parse(answers['wrong']?.[1] ?? ''));
  });
});

describe('errors of what is no model call [RT-4]', () => {
  test.each([
    ['/embeddings', { model: 'wrong', input: 'x' }, 400, "it's wrong"],
    ['/moderations', { model: 'wrong', input: 'x' }, 400, "it's wrong"],
    ['/images/generations', { model: 'wrong', prompt: 'x' }, 400, "it's wrong"],
    [
      '/embeddings',
      { model: 'chat-only', input: 'x' },
      400,
      expect.stringMatching(/^the server of "chat-only" has nothing at the path .*Not Found\)$/),
    ],
    [
      '/embeddings',
      { model: 'claude', input: 'x' },
      404,
      'LiteLLM cannot ask the provider of "claude" for POST /v1/embeddings',
    ],
    ['/embeddings', { input: 'x' }, 400, 'the request names no model: add "model"'],
    [
      '/models/nobody',
      undefined,
      404,
      expect.stringMatching(/^there is no model "nobody"; there are gemini, /),
    ],
    ['/responses/resp_1', undefined, 404, expect.stringMatching(/^nothing has the id "resp_1" here/)],
  ])('%s %j', async (path, body, status, message) => {
    const { json, ...told } = await call(path, body);
    expect([told.status, json]).toEqual([status, { error: expect.objectContaining({ message }) }]);
  });

  test('a client of Messages gets the form of Messages', async () => {
    const { status, json } = await call('/messages/batches');
    expect([status, json]).toMatchObject([404, { type: 'error', error: { type: 'not_found_error' } }]);
  });

  test('how long to wait is told', async () => {
    const { status, headers, json } = await call('/embeddings', { model: 'busy', input: 'x' });
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
    expect(json).toMatchObject({ error: { message: 'slow down', code: 'rate_limit_exceeded' } });
  });
});
