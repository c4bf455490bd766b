import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import OpenAI from 'openai';
import { makeStateDir, startCodexAsModel, type CodexAsModel } from '../support/codex-as-model.ts';
import { codexProgram } from '../support/codex-program.ts';
import { workerPids } from '../support/codex-workers.ts';
import { composeMiddleware } from '../support/compose-middleware.ts';
import { calls, says, status } from '../support/fake-upstream/step.ts';

const stateDir = makeStateDir('codex-api');
let codex: CodexAsModel;
let upstream: CodexAsModel['upstream'];
let middleware: CodexAsModel['middleware'];
let client: CodexAsModel['client'];

beforeAll(async () => {
  codex = await startCodexAsModel(stateDir, {
    modelInfo: { supports_vision: true, supports_reasoning: true },
  });
  ({ upstream, middleware, client } = codex);
});

afterAll(() => codex.close());

interface Said {
  readonly role: string;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

interface Named {
  readonly type: string;
  readonly name?: string;
}

function namesOf(tools: readonly Named[]): readonly string[] {
  return tools.map(({ name, type }) => name ?? type);
}

const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** A stream of the Responses API that has said something and goes on. */
const begunText = [
  { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } },
  {
    type: 'response.output_item.added',
    output_index: 0,
    item: { type: 'message', id: 'msg_1', role: 'assistant', content: [], status: 'in_progress' },
  },
  { type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta: 'Hello' },
]
  .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  .join('');

/** Kills the worker, as the kernel would that is out of memory. */
function kill(): void {
  process.kill(workerPids(middleware).at(-1) ?? 0, 'SIGKILL');
}

const weather = [
  {
    type: 'function' as const,
    function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  },
];
const hello = [{ role: 'user' as const, content: 'Say hello.' }];

test('Codex answers a chat, with what the model used [API-1]', async () => {
  upstream.use(() => says('Hello from Codex.'));
  const answer = await client.chat.completions.create({ model: 'codex-5', messages: hello });
  expect(answer.choices[0]?.message.content).toBe('Hello from Codex.');
  expect(answer.choices[0]?.finish_reason).toBe('stop');
  expect(answer.usage?.prompt_tokens).toBeGreaterThan(0);
});

test.each([
  ['no system prompt', []],
  ['an empty one', [{ role: 'system' as const, content: '' }]],
])(
  'of a chat with %s the model gets the messages of the user and nothing before them [API-1]',
  async (_, before) => {
    upstream.use(() => says('Hello from Codex.'));
    await client.chat.completions.create({ model: 'codex-5', messages: [...before, ...hello] });
    const { instructions, input } = upstream.requests.at(-1)?.json as {
      instructions?: string;
      input: Said[];
    };
    expect(instructions ?? '').toBe('');
    expect(input.map(({ role, content }) => [role, content[0]?.text])).toEqual([['user', 'Say hello.']]);
  },
);

test('a stream begins with the role, says each text once and ends with [DONE] [API-1]', async () => {
  upstream.use(() => says('Hello from Codex.'));
  const stream = await client.chat.completions.create({
    ...{ model: 'codev-5-high', messages: hello, stream: true },
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Hello from Codex.');
  expect(new Set(chunks.map(({ id, created }) => `${id} ${created}`)).size).toBe(1);
  expect(upstream.requests.at(-1)?.json?.['reasoning']).toMatchObject({ effort: 'high' });
});

test('a tool of the client comes back as a call, and its result is answered [API-1]', async () => {
  upstream.use(() => calls('weather', { city: 'Bern' }));
  const asked = await client.chat.completions.create({ model: 'codex-5', messages: hello, tools: weather });
  const [choice] = asked.choices;
  expect(choice?.finish_reason).toBe('tool_calls');
  const [call] = choice?.message.tool_calls ?? [];
  expect(call).toMatchObject({ function: { name: 'weather', arguments: '{"city":"Bern"}' } });
  upstream.use(() => says('Sunny.'));
  const answered = await client.chat.completions.create({
    model: 'codex-5',
    tools: weather,
    messages: [
      ...hello,
      ...(choice === undefined ? [] : [choice.message]),
      { role: 'tool', tool_call_id: call?.id ?? '', content: 'sun' },
    ],
  });
  expect(answered.choices[0]?.message.content).toBe('Sunny.');
});

test('the model gets what the client said, and nothing else [API-1]', async () => {
  upstream.use(() => says('ok'));
  await client.chat.completions.create({
    model: 'codex-5-low',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'two' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'three' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${onePixel}` } },
        ],
      },
    ],
  });
  const { input, tools } = upstream.requests.at(-1)?.json as { input: Said[]; tools: Named[] };
  expect(namesOf(tools)).toEqual(['exec_command', 'write_stdin', 'view_image']);
  expect(input.map(({ role, content }) => [role, ...content.map(({ type, text }) => text ?? type)])).toEqual([
    ['developer', 'Be brief.'],
    ['user', 'one'],
    ['assistant', 'two'],
    ['user', 'three', 'input_image'],
  ]);
});

test.each([
  ['no-commands', ['weather']],
  ['workspace-write', ['exec_command', 'write_stdin', 'apply_patch', 'view_image', 'weather']],
])('with %s the model gets no tool of Codex that could do nothing [API-1]', async (sandbox, names) => {
  const apart = await composeMiddleware(upstream.url, {
    CODEX_PLUS_CODEX_ENABLED: 'true',
    CODEX_PLUS_CODEX_PROGRAM: codexProgram,
    CODEX_PLUS_CODEX_SANDBOX: sandbox,
    CODEX_PLUS_STATE_DIR: join(stateDir, sandbox),
  });
  try {
    upstream.use(() => says('ok'));
    const other = new OpenAI({ baseURL: `${apart.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    await other.chat.completions.create({ model: 'codex-5', messages: hello, tools: weather });
    const { tools } = upstream.requests.at(-1)?.json as { tools: Named[] };
    expect(namesOf(tools)).toEqual(names);
  } finally {
    await apart.close();
  }
});

test.each(['exec_command', 'write_stdin', 'shell_command', 'view_image', 'request_user_input'])(
  'a tool of the client named %s as one of Codex is called by the client alone [API-1]',
  async (name) => {
    upstream.use((seen) => calls(new RegExp(`t_${name}_\\w+`).exec(seen.raw.toString())?.[0] ?? 'none', {}));
    const { length } = upstream.requests;
    const answer = await client.chat.completions.create({
      ...{ model: 'codex-5', messages: hello },
      tools: [{ type: 'function', function: { name, parameters: { type: 'object' } } }],
    });
    expect(answer.choices[0]?.message.tool_calls).toMatchObject([{ function: { name } }]);
    expect(upstream.requests).toHaveLength(length + 1);
  },
);

test('a worker that is killed in the midst of a stream ends it with an error, and the next call works [API-1]', async () => {
  upstream.use(() => ({
    kind: 'bytes',
    headers: ['content-type', 'text/event-stream'],
    pieces: [Buffer.from(begunText)],
    then: 'silence',
  }));
  const stream = await client.chat.completions.create({ model: 'codex-5', messages: hello, stream: true });
  const read = async (): Promise<void> => {
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) kill();
  };
  await expect(read()).rejects.toThrow(/codex app-server/);
  upstream.use(() => says('again'));
  const next = await client.chat.completions.create({ model: 'codex-5', messages: hello });
  expect(next.choices[0]?.message.content).toBe('again');
});

test('a client that leaves ends the turn [API-1]', async () => {
  upstream.use(() => ({
    kind: 'bytes',
    headers: ['content-type', 'text/event-stream'],
    pieces: [Buffer.from(begunText)],
    then: 'silence',
  }));
  const stream = await client.chat.completions.create({ model: 'codex-5', messages: hello, stream: true });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
  expect(await upstream.requests.at(-1)?.closed).toBe(true);
});

test('fifty clients at once are all answered, each its own [API-1]', async () => {
  upstream.use((seen) => says(`to ${/number \d+/.exec(seen.raw.toString())?.[0] ?? ''}`));
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      client.chat.completions.create({
        model: 'codex-5',
        messages: [{ role: 'user', content: `number ${at}` }],
      }),
    ),
  );
  expect(answers.map(({ choices }) => choices[0]?.message.content)).toEqual(
    Array.from({ length: 50 }, (_, at) => `to number ${at}`),
  );
}, 180_000);

test('what the provider refuses is told before a stream begins [API-1]', async () => {
  upstream.use(() => status(400, { error: { message: 'no such thing', type: 'invalid_request_error' } }));
  const asked = client.chat.completions.create({ model: 'codex-5', messages: hello, stream: true });
  await expect(asked).rejects.toMatchObject({ status: 400 });
});

test('two calls at once come back in the order of the model, with its very letters [API-1]', async () => {
  upstream.use(() => ({
    kind: 'answer',
    items: [
      { kind: 'call', name: 'weather', arguments: { city: 'Bern' }, callId: 'call_a' },
      { kind: 'call', name: 'weather', arguments: { city: 'Graz' }, callId: 'call_b' },
    ],
  }));
  const answer = await client.chat.completions.create({ model: 'codex-5', messages: hello, tools: weather });
  expect(answer.choices[0]?.message.tool_calls).toMatchObject([
    { id: 'call_a', function: { arguments: '{"city":"Bern"}' } },
    { id: 'call_b', function: { arguments: '{"city":"Graz"}' } },
  ]);
});

test.each([
  [{ messages: 'hello' }, 400],
  [{ messages: hello, n: 2 }, 400],
])('%j is refused before a worker is taken [API-1]', async (body, expected) => {
  const { length } = upstream.requests;
  const response = await fetch(`${middleware.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'codex-5', ...body }),
  });
  expect(response.status).toBe(expected);
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  expect(upstream.requests).toHaveLength(length);
});

test('the legacy Completions API is answered, streamed and not [API-1]', async () => {
  upstream.use(() => says('Hello from Codex.'));
  const asked = { model: 'codex-5', prompt: 'Say hello.' };
  const answer = await client.completions.create(asked);
  expect(answer).toMatchObject({
    object: 'text_completion',
    choices: [{ text: 'Hello from Codex.', finish_reason: 'stop' }],
  });
  const chunks = [];
  for await (const chunk of await client.completions.create({ ...asked, stream: true })) chunks.push(chunk);
  expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe('Hello from Codex.');
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
});
