import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { startAnsweringServer, type AnsweringServer } from '../../support/answering-server.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { until } from '../../support/until.ts';

/** What LiteLLM 1.109 answered, measured; addresses and keys in it are made up. */
interface Failure {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const key = 'sk-secret-of-the-provider-0123456789';
let litellm: AnsweringServer;
let middleware: ComposedMiddleware;
let failure: Failure = { status: 500, body: {} };

beforeAll(async () => {
  litellm = await startAnsweringServer();
  litellm.answer((res, { url }) => {
    if (url.includes('/model/info')) {
      res.setHeader('content-type', 'application/json').end('{"data":[]}');
      return;
    }
    const { status, body, headers = {} } = failure;
    const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(bytes);
  });
  middleware = await composeMiddleware(litellm.url, { OPENAI_API_KEY: key });
  middleware.setModels({ models: ['emb'] });
});

afterAll(async () => {
  await middleware.close();
  await litellm.close();
});

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

async function ask(call: string, answer: Failure, agent = 'curl/8'): Promise<Told> {
  failure = answer;
  const [method = '', path = '', model = 'emb'] = call.split(' ');
  const body = method === 'GET' ? {} : { body: JSON.stringify({ model, input: 'x', messages: [] }) };
  const headers = { 'content-type': 'application/json', 'user-agent': agent };
  const told = await fetch(`${middleware.url}/v1${path}`, { method, headers, ...body });
  const text = await told.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined;
  return { status: told.status, headers: told.headers, text, json };
}

function openaiForm(message: unknown, code: string | null, type = 'invalid_request_error'): object {
  return { error: { message, type, param: null, code } };
}

function uncounted(words: string): object {
  return openaiForm(expect.stringContaining(words), 'tokens_not_counted', 'server_error');
}

function messagesForm(message: unknown, code: string, type = 'invalid_request_error'): object {
  return { type: 'error', error: { type, message, code } };
}

/** As LiteLLM says it. */
function ofLitellm(message: string, code: number): object {
  return { error: { message, type: 'invalid_request_error', param: null, code: String(code) } };
}

const tail = "\n\nLiteLLM: model group 'emb' failed with the error above. No fallback was attempted.";
const wrong =
  "{'error': {'message': \"it's wrong\", 'type': 'a_type', 'param': 'input', 'code': 'bad_input'}}";
const refused = `{'error': {'message': 'Incorrect API key provided: ${key}.', 'type': 'x', 'param': None, 'code': 'invalid_api_key'}}`;
const detail = { detail: 'Not Found' };

const cases: readonly (readonly [string, string, Failure, number, object])[] = [
  [
    'a refusal keeps the names of its provider',
    'POST /embeddings',
    {
      status: 400,
      body: ofLitellm(`litellm.BadRequestError: OpenAIException - Error code: 400 - ${wrong}${tail}`, 400),
    },
    400,
    { error: { message: "it's wrong", type: 'a_type', param: 'input', code: 'bad_input' } },
  ],
  [
    'what is not there is a 404',
    'GET /batches/b1',
    {
      status: 404,
      body: ofLitellm("Error code: 404 - {'error': {'message': 'No batch b1', 'code': None}}", 404),
    },
    404,
    openaiForm('No batch b1', 'refused_by_provider'),
  ],
  [
    'a key that is refused is not the one of the client',
    'POST /embeddings',
    {
      status: 401,
      body: ofLitellm(
        `litellm.AuthenticationError: OpenAIException - Error code: 401 - ${refused}${tail}`,
        401,
      ),
    },
    400,
    openaiForm(
      expect.stringMatching(/^the provider refused the key that Codex-Plus has for "emb": Incorrect/),
      'provider_key_refused',
    ),
  ],
  [
    'a name that there is no model for is told with those that there are',
    'POST /images/generations nobody',
    {
      status: 400,
      body: ofLitellm(
        "400: {'error': '/image/generations: Invalid model name passed in model=nobody. Call `/v1/models` to view available models for your key.'}",
        400,
      ),
    },
    404,
    openaiForm('there is no model "nobody"; there are emb', 'model_not_found'),
  ],
  [
    'a model that is asked about too',
    'GET /models/nobody',
    { status: 404, body: { detail: 'The model `nobody` does not exist or is not accessible' } },
    404,
    openaiForm('there is no model "nobody"; there are emb', 'model_not_found'),
  ],
  [
    'an id that LiteLLM did not give is not there',
    'GET /responses/resp_1',
    {
      status: 400,
      body: ofLitellm(
        'litellm.BadRequestError: You passed in model=None. There are no healthy deployments for this model',
        400,
      ),
    },
    404,
    openaiForm(
      'nothing has the id "resp_1" here: LiteLLM finds only what it gave the id itself',
      'not_served',
    ),
  ],
  [
    'a path that LiteLLM does not have, of a client of Messages',
    'GET /messages/batches',
    { status: 404, body: detail },
    404,
    messagesForm(
      'LiteLLM, which this goes to, has no GET /v1/messages/batches',
      'not_served',
      'not_found_error',
    ),
  ],
  [
    'what its provider does not do',
    'POST /embeddings',
    {
      status: 400,
      body: ofLitellm(
        `litellm.BadRequestError: Unmapped LLM provider for this endpoint. You passed model=x, custom_llm_provider=anthropic.${tail}`,
        400,
      ),
    },
    404,
    openaiForm('LiteLLM cannot ask the provider of "emb" for POST /v1/embeddings', 'not_served'),
  ],
  [
    'a field that is missing',
    'POST /audio/transcriptions',
    { status: 422, body: { detail: [{ type: 'missing', loc: ['body', 'file'], msg: 'Field required' }] } },
    400,
    openaiForm('the request is not as LiteLLM takes it: file: Field required', 'invalid_body'),
  ],
  [
    'the form of another API',
    'POST /messages/count_tokens',
    { status: 400, body: openaiForm('bad role', 'bad') },
    400,
    messagesForm('bad role', 'refused_by_provider'),
  ],
  [
    'a count whose provider says no in JSON within JSON',
    'POST /messages/count_tokens',
    {
      status: 400,
      body: { type: 'error', error: { type: 'x', message: JSON.stringify(openaiForm('bad', 'bad_input')) } },
    },
    400,
    messagesForm('bad', 'bad_input'),
  ],
  [
    'a count at Gemini without the module for it',
    'POST /messages/count_tokens',
    {
      status: 500,
      body: { type: 'error', error: { type: 'api_error', message: "No module named 'google'" } },
    },
    501,
    messagesForm(
      expect.stringMatching(
        /^the tokens for "emb" cannot be counted before a call: LiteLLM lacks the module "google"/,
      ),
      'tokens_not_counted',
      'api_error',
    ),
  ],
  [
    'the same for a client of Responses',
    'POST /responses/input_tokens',
    { status: 500, body: { error: { message: 'Internal server error', type: 'internal_server_error' } } },
    501,
    uncounted('cannot be counted before a call'),
  ],
  [
    'a count at a provider that has no path for it',
    'POST /responses/input_tokens',
    { status: 404, body: openaiForm('Unknown request URL', 'unknown_url') },
    501,
    uncounted('its provider has no way to (Unknown request URL)'),
  ],
];

describe('an error of LiteLLM about a request that is no model call [RT-4]', () => {
  test.each(cases)('%s: %s', async (_what, call, answer, status, body) => {
    const told = await ask(call, answer);
    expect([told.status, told.json]).toEqual([status, body]);
    expect(told.text).not.toMatch(/litellm\.|model group|sk-secret/);
    expect(told.headers.get('x-should-retry')).toBe('false');
  });

  test('keeps how long to wait, under the name that clients know, and nothing of LiteLLM’s own headers', async () => {
    const body = ofLitellm(`litellm.RateLimitError: RateLimitError: OpenAIException - slow down${tail}`, 429);
    const headers = { 'llm_provider-retry-after': '7', 'x-litellm-model-id': 'secret-id' };
    const told = await ask('POST /embeddings', { status: 429, body, headers });
    expect([told.status, told.headers.get('retry-after')]).toEqual([429, '7']);
    expect(told.json).toEqual(openaiForm('slow down', 'rate_limit_exceeded', 'rate_limit_error'));
    expect([...told.headers.keys()].filter((name) => /litellm|llm_provider/.test(name))).toEqual([]);
  });

  test('goes on as it came where it is its provider’s own, with the time to wait', async () => {
    const body = JSON.stringify(openaiForm('slow down', 'rate_limit_exceeded', 'requests'), undefined, 1);
    const told = await ask('POST /responses/input_tokens', {
      status: 429,
      body,
      headers: { 'llm_provider-retry-after': '7' },
    });
    expect([told.status, told.text, told.headers.get('retry-after')]).toEqual([429, body, '7']);
  });

  test('is read also where it is encoded', async () => {
    const body = gzipSync(JSON.stringify(detail));
    const told = await ask('GET /messages/batches', {
      status: 404,
      body,
      headers: { 'content-encoding': 'gzip' },
    });
    expect([told.status, told.headers.get('content-encoding')]).toEqual([404, null]);
    expect(told.text).toContain('not_served');
  });

  test('goes on in whatever length', async () => {
    const body = JSON.stringify(ofLitellm('x'.repeat(400_000), 500));
    const told = await ask('POST /embeddings', { status: 500, body });
    expect([told.status, told.text === body]).toEqual([500, true]);
  });

  test('is plain text for Codex, and an answer in the log', async () => {
    const told = await ask('GET /messages/batches', { status: 404, body: detail }, 'codex_exec/0.171.0');
    expect([told.status, told.text]).toEqual([
      400,
      'LiteLLM, which this goes to, has no GET /v1/messages/batches',
    ]);
    const passed = (): unknown => middleware.lines.findLast(({ message }) => message === 'passthrough');
    await until(() => (passed() as { status?: number } | undefined)?.status === 400);
    expect(passed()).toMatchObject({ status: 400, ending: 'completed' });
  });

  test('is one request of the official SDKs, in the classes that they have for it', async () => {
    failure = {
      status: 500,
      body: { type: 'error', error: { type: 'x', message: "No module named 'google'" } },
    };
    const before = litellm.calls.length;
    const anthropic = new Anthropic({ baseURL: middleware.url, apiKey: 'x' });
    const counting = anthropic.messages.countTokens({
      model: 'emb',
      messages: [{ role: 'user', content: 'hi' }],
    });
    await expect(counting).rejects.toMatchObject({
      status: 501,
      error: { error: { code: 'tokens_not_counted' } },
    });
    failure = { status: 404, body: { detail: 'The model `a` does not exist or is not accessible' } };
    const openai = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'x' });
    await expect(openai.models.retrieve('a')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    const urls = litellm.calls.slice(before).map(({ url }) => url);
    expect(urls.filter((url) => !url.includes('/model/info'))).toEqual([
      '/v1/messages/count_tokens',
      // The list is asked first: it has the shape that the client knows.
      '/v1/models',
      '/v1/models/a',
    ]);
  });
});

test('what is no part of the API that calls models goes on as LiteLLM says it', async () => {
  const told = await ask('GET /key/info', { status: 404, body: detail });
  expect([told.status, told.json]).toEqual([404, detail]);
});
