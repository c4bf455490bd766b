import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { scriptedCodex } from '../../support/scripted-codex.ts';

let folder: string;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  folder = await makeTestFolder('codex-bad-input');
  middleware = await composeMiddleware(undefined, {
    CODEX_PLUS_LITELLM_MODE: 'off',
    CODEX_PLUS_CODEX_ENABLED: 'true',
    CODEX_PLUS_CODEX_PROGRAM: scriptedCodex,
    CODEX_PLUS_STATE_DIR: folder,
    CODEX_PLUS_BODY_IDLE_MS: '1000',
  });
});

afterAll(async () => {
  await middleware.close();
  await rm(folder, { recursive: true, force: true });
});

const hello = [{ role: 'user', content: 'hello' }];

function offering(parameters: unknown, name: unknown = 'weather'): object {
  return { tools: [{ type: 'function', function: { name, parameters } }] };
}

/** A schema that is nested so deep, with no more than lists of lists in it. */
function deepSchema(levels: number): unknown {
  return JSON.parse(`${'{"items":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`);
}

function answeringAs(schema: unknown): object {
  return { response_format: { type: 'json_schema', json_schema: { name: 'a', strict: true, schema } } };
}

const weather = { tools: [{ type: 'function', function: { name: 'weather', parameters: {} } }] };

/** A conversation with one part in it. */
function saying(part: unknown): object {
  return { messages: [{ role: 'user', content: [{ type: 'text', text: 'look' }, part] }] };
}

function pictureAt(url: string): object {
  return saying({ type: 'image_url', image_url: { url } });
}

/** Resolves with what was told; fails where a worker was started for it. */
async function refused(body: object, status: number): Promise<string> {
  const answer = await request(middleware.url)
    .post('/v1/chat/completions')
    .send({ model: 'codex-5', messages: hello, ...body });
  expect([answer.status, answer.body]).toEqual([
    status,
    { error: expect.objectContaining({ type: 'invalid_request_error', code: expect.any(String) }) },
  ]);
  return (answer.body as { error: { message: string } }).error.message;
}

describe('before a worker is taken', () => {
  beforeEach(() => {
    expect(middleware.lines.map(({ message }) => message)).not.toContain('a worker of Codex is ready');
  });

  test.each([
    [{ messages: undefined }, '`messages` has to be a list'],
    [{ messages: 'hello' }, '`messages` has to be a list'],
    [{ messages: [] }, '`messages` is empty'],
    [{ messages: [...hello, 42] }, '`messages[1]` has to be an object'],
    [{ messages: [{ role: 'nobody', content: 'hi' }] }, 'the role "nobody"'],
    [{ messages: [{ role: 'user', content: 5 }] }, '`messages[0].content` has to be a text or a list'],
    [{ messages: [{ role: 'user' }] }, '`messages[0]` has no `content`'],
    [{ messages: [...hello, { role: 'tool', content: 'sun' }] }, '`messages[1]` has no `tool_call_id`'],
    [
      { messages: [...hello, { role: 'tool', tool_call_id: 'call_1', content: 'sun' }] },
      "messages with role 'tool' must be a response to a preceding message with 'tool_calls': `messages[1]` answers",
    ],
    [{ n: 2 }, '`n` is 2'],
    [{ n: 0 }, '`n` has to be a whole number'],
    [{ n: 'two' }, '`n` has to be a whole number'],
    [{ tools: 'weather' }, '`tools` has to be a list'],
    [{ tools: [5] }, '`tools[0]` has to be an object'],
    [{ messages: [{ role: 'system', content: 'be kind' }] }, 'the conversation is empty'],
    [{ messages: [{ role: 'user', content: '' }] }, 'the conversation is empty'],
    [{ stream: 'yes' }, '`stream` is "yes" and has to be true or false'],
    [{ reasoning_effort: 'bogus' }, '`reasoning_effort` is "bogus" and has to be one of none'],
    [{ response_format: { type: 'xml' } }, '`response_format.type` is "xml" and has to be one of text'],
    [{ response_format: 'json' }, '`response_format` is "json" and has to be an object'],
    [{ modalities: ['audio'] }, '`modalities` is ["audio"] and has to be ["text"]'],
    [{ logprobs: true }, '`logprobs` is true and has to be false'],
    [{ temperature: 'hot' }, '`temperature` is "hot" and has to be a number'],
    [{ temperature: 3 }, '`temperature` is 3 and has to be a number from 0 to 2'],
    [{ stop: 5 }, '`stop` is 5 and has to be a text or a list of texts'],
    [{ stop: ['a', 5] }, '`stop` is ["a",5] and has to be a text or a list of texts'],
    [{ max_tokens: -1 }, '`max_tokens` is -1 and has to be a whole number, 1 or more'],
    [{ max_completion_tokens: 1.5 }, '`max_completion_tokens` is 1.5 and has to be a whole number'],
    [{ presence_penalty: 9 }, '`presence_penalty` is 9 and has to be a number from -2 to 2'],
    [{ user: 5 }, '`user` is 5 and has to be a text'],
    [
      { response_format: { type: 'json_schema', json_schema: null } },
      'and has to have the schema of the answer in `response_format.json_schema`',
    ],
    [
      { response_format: { type: 'json_schema' } },
      'the schema of the answer in `response_format.json_schema`',
    ],
    [answeringAs('text'), '`response_format.json_schema.schema` is "text" and has to be an object'],
    [
      answeringAs({ type: 'zonk' }),
      "of the answer's form cannot be read: schema.type has to be one of object",
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'aa' } }] }] },
      'a message of the user is nothing but "input_audio", which Codex does not take',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'zap' }] }, ...hello] },
      'a message of the user is nothing but "zap"',
    ],
    [{ tool_choice: 'required' }, '`tool_choice` asks for a call of a tool, and `tools` has none'],
    [{ tool_choice: 'sometimes', ...weather }, '`tool_choice` is "sometimes" and has to be one of auto'],
    [
      { tool_choice: { type: 'function', function: { name: 'wind' } }, ...weather },
      '`tool_choice` names the tool "wind", which is not in `tools`',
    ],
    [pictureAt('nothing'), 'an image is at "nothing", and Codex fetches none'],
    [pictureAt('https://example.com/a.png'), 'an image is at "https://example.com/a.png", and Codex fetches'],
    [pictureAt('data:image/png;base64,aaaa'), 'an image is no PNG, JPEG, GIF or WebP in base64'],
    [
      saying({ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,aaaa' } }),
      'the file "a.pdf" is application/pdf, and Codex takes texts and images',
    ],
    [{ tools: [{}] }, '`tools[0]` has no `type`'],
    [{ tools: [{ function: { name: 'notype' } }] }, '`tools[0]` has no `type`'],
    [{ tools: [{ type: 'custom', custom: {} }] }, '`tools[0].custom` has no `name`'],
    [
      {
        tools: [
          ...weather.tools,
          { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } },
        ],
      },
      '`tools[1]` is another tool than `tools[0]`, and both have the name "weather"',
    ],
    [saying(null), '`messages[0].content[1]` has to be an object'],
    [saying(5), '`messages[0].content[1]` has to be an object'],
    [saying({ type: 'text' }), '`messages[0].content[1]` has no `text`'],
    [saying({ x: 1 }), '`messages[0].content[1]` has no `type`'],
    [{ messages: [{ role: 'user', content: [null] }] }, '`messages[0].content[0]` has to be an object'],
    [{ verbosity: 'loud' }, '`verbosity` is "loud" and has to be one of low, medium, high'],
    [{ metadata: 5 }, '`metadata` is 5 and has to be an object'],
    [{ seed: 1.5 }, '`seed` is 1.5 and has to be a whole number'],
    [{ service_tier: 'bogus' }, '`service_tier` is "bogus" and has to be one of auto'],
    [
      { logit_bias: { 1: 500 } },
      '`logit_bias` is {"1":500} and has to be an object of numbers from -100 to 100',
    ],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, 'has to be a text or a list of texts, four at most'],
    [{ stream_options: { include_usage: true } }, '`stream_options` is of streams'],
    [offering({}, ''), '`tools[0].function` has no `name`'],
    [offering('text'), '`tools[0].function.parameters` has to be an object'],
    [offering([]), '`tools[0].function.parameters` has to be an object'],
    [offering({ type: 'array' }), '"weather" cannot be read: parameters.type has to be object'],
    [offering({ type: 'wrong' }), 'parameters.type has to be one of object'],
    [offering({ type: 'object', properties: 'x' }), 'parameters.properties has to be an object of schemas'],
    [offering({ type: 'object', required: 'x' }), 'parameters.required has to be a list of names'],
    [offering({ properties: { a: 5 } }), 'parameters.properties.a has to be a schema'],
    [offering({ properties: { a: { items: { enum: 'x' } } } }), 'properties.a.items.enum has to be a list'],
    [
      offering({ properties: { a: { anyOf: [{ type: 'text' }] } } }),
      'properties.a.anyOf.0.type has to be one',
    ],
    [
      offering({ properties: { a: deepSchema(122) } }),
      'the JSON schema of the tool "weather" is nested more than 123 levels deep',
    ],
    [
      offering({ properties: { a: { enum: [deepSchema(120)] } } }),
      'the JSON schema of the tool "weather" is nested more than 123 levels deep',
    ],
    [offering(deepSchema(900)), 'the JSON schema of the tool "weather" is nested more than 123'],
    [
      answeringAs(deepSchema(126)),
      "the JSON schema of the answer's form is nested more than 125 levels deep",
    ],
  ])('%j is a 400 that says where [API-3]', async (body, told) => {
    expect(await refused(body, 400)).toContain(told);
  });

  test.each([
    [{ messages: 'hello' }, 'messages'],
    [{ messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
    [{ messages: [...hello, { role: 'tool', content: 'sun' }] }, 'messages[1].tool_call_id'],
    [{ messages: [{ role: 'nobody', content: 'hi' }] }, 'messages[0].role'],
    [{ n: 2 }, 'n'],
    [{ model: undefined }, 'model'],
    [{ response_format: { type: 'xml' } }, 'response_format.type'],
    [{ tool_choice: 'required' }, 'tool_choice'],
    [offering('text'), 'tools[0].function.parameters'],
    [offering({ type: 'array' }), 'tools'],
    [{ tools: [{}] }, 'tools[0].type'],
    [saying(null), 'messages[0].content[1]'],
    [{ stream_options: {} }, 'stream_options'],
  ])('%j is told with the member that is wrong: %s [API-3]', async (body, param) => {
    const answer = await request(middleware.url)
      .post('/v1/chat/completions')
      .send({ model: 'codex-5', messages: hello, ...body });
    expect(answer.body).toMatchObject({ error: { param } });
  });

  test.each([
    ['messages', { messages: [] }, '`messages` is empty: send one message at least'],
    ['messages', { messages: hello, stream: 'yes' }, '`stream` is "yes"'],
    [
      'messages',
      { messages: hello, output_config: { effort: 'bogus' } },
      '`output_config.effort` is "bogus"',
    ],
    ['messages', { messages: hello, tool_choice: { type: 'any' } }, '`tools` has none'],
    ['responses', { input: [{ role: 'system', content: 'be kind' }] }, 'the conversation is empty'],
    ['responses', { input: 'hi', reasoning: { effort: 'bogus' } }, '`reasoning.effort` is "bogus"'],
    ['responses', { input: 'hi', text: { format: { type: 'xml' } } }, '`text.format.type` is "xml"'],
    ['responses', { input: 'hi', top_logprobs: 2 }, '`top_logprobs` is 2'],
    ['responses', { input: 'hi', max_output_tokens: -1 }, '`max_output_tokens` is -1 and has to be a whole'],
    [
      'responses',
      { input: 'hi', text: { format: { type: 'json_schema', name: 'a', schema: 'x' } } },
      'has to have the schema of the answer in `text.format.schema`',
    ],
    [
      'responses',
      { input: [{ role: 'user', content: [{ type: 'input_audio', data: 'aa' }] }] },
      'nothing but "input_audio"',
    ],
    ['messages', { messages: hello, max_tokens: -1 }, '`max_tokens` is -1 and has to be a whole number, 0'],
    ['messages', { messages: hello, stop_sequences: 'x' }, '`stop_sequences` is "x" and has to be a list'],
    [
      'messages',
      { messages: hello, output_config: { format: { type: 'json_schema', schema: null } } },
      'has to have the schema of the answer in `output_config.format.schema`',
    ],
    [
      'messages',
      { messages: [{ role: 'user', content: [{ type: 'zap' }] }] },
      'a message of the user is nothing but "zap"',
    ],
    ['messages', { messages: hello, tools: [{}] }, '`tools[0]` has no `name`'],
    [
      'messages',
      {
        messages: hello,
        tools: [
          { name: 'a', input_schema: {} },
          { name: 'a', input_schema: { type: 'object' } },
        ],
      },
      '`tools[1]` is another tool than `tools[0]`',
    ],
    ['messages', { messages: [{ role: 'user', content: [null] }] }, '`messages[0].content[0]` has to be an'],
    ['messages', { messages: [...hello, 5] }, '`messages[1]` has to be an object'],
    ['responses', { input: 'hi', tools: [{}] }, '`tools[0]` has no `type`'],
    ['responses', { input: 'hi', tools: [{ type: 'function' }] }, '`tools[0]` has no `name`'],
    ['responses', { input: 'hi', text: { verbosity: 'loud' } }, '`text.verbosity` is "loud"'],
    [
      'responses',
      { input: [{ role: 'user', content: [{ type: 'input_text' }] }] },
      '`input[0].content[0]` has no `text`',
    ],
    ['completions', { prompt: 'a', seed: 1.5 }, '`seed` is 1.5'],
    ['completions', { prompt: 'a', stop: 5 }, '`stop` is 5 and has to be a text or a list of texts'],
    ['completions', {}, '`prompt` is missing'],
    ['completions', { prompt: ['a', 'b'] }, '`prompt` has to be one text'],
    ['completions', { prompt: 'a', stream: 1 }, '`stream` is 1'],
  ])('%s with %j is a 400 that says where as well [API-3]', async (api, body, told) => {
    const answer = await request(middleware.url)
      .post(`/v1/${api}`)
      .send({ model: 'codex-5', ...body });
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([
      400,
      expect.stringContaining(JSON.stringify(told).slice(1, -1)),
    ]);
  });

  test('a model that nobody has is a 404 with the names that there are [API-3]', async () => {
    expect(await refused({ model: 'codex-9' }, 404)).toMatch(/"codex-9"[^]*codex-5-high/);
  });

  test('a hundred megabytes of history are a 413 [API-3]', async () => {
    const messages = Array.from({ length: 100 }, () => ({ role: 'user', content: 'x'.repeat(2 ** 20) }));
    expect(await refused({ messages }, 413)).toContain('codex.maxRequestBytes');
  }, 60_000);

  test('a client that begins a request and sends no more hears of it [API-3]', async () => {
    const socket = connect(middleware.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"model":"codex-5"',
    );
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*"type":"[a-z_]+"[^]*"code":"request_timeout"/);
  });
});
