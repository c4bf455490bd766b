import { describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { Step } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const call = {
  ...{ type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'exec_command', status: 'completed' },
  arguments: JSON.stringify({ cmd: 'rm -rf precious' }),
};
const response = { id: 'resp_1', object: 'response', status: 'completed', model: 'm', output: [call] };
const frame = (event: { readonly type: string }): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
const events = [
  { type: 'response.created', response: { ...response, output: [], status: 'in_progress' } },
  { type: 'response.output_item.added', output_index: 0, item: { ...call, status: 'in_progress' } },
  { type: 'response.output_item.done', output_index: 0, item: call },
  { type: 'response.completed', response },
]
  .map(frame)
  .join('');

/** What a client gets of an answer with a call that a rule of the user's denies. */
async function answerTo(
  step: Omit<Extract<Step, { kind: 'bytes' }>, 'kind'>,
  stream: boolean,
): Promise<string> {
  await bench.file('home/.claude/settings.json', '{"permissions":{"deny":["Bash(rm:*)"]}}');
  bench.answers({ kind: 'bytes', ...step }, [{ kind: 'text', text: 'Then not.' }]);
  const { status, body } = await callRaw(bench.middleware.port, {
    path: '/v1/responses',
    headers: ['x-codex-plus-workspace', bench.workspace],
    body: JSON.stringify({ model: 'm', stream, input: 'clean up' }),
  });
  return `${status} ${body.toString()}`;
}

describe('a call that a rule denies does not reach the client', () => {
  for (const [what, headers, status] of [
    ['with the type in other letters', ['content-type', 'TEXT/Event-Stream ; charset="utf-8"'], 200],
    ['without a type', [], 200],
    ['as plain text', ['content-type', 'text/plain'], 200],
    ['with two types', ['content-type', 'text/plain', 'content-type', 'text/event-stream'], 200],
    ['as JSON that it is not', ['content-type', 'application/json'], 200],
    ['with the status 201', ['content-type', 'text/event-stream'], 201],
    ['with an encoding of none', ['content-type', 'text/event-stream', 'content-encoding', 'Identity'], 200],
  ] as const) {
    test(`in a stream ${what} [HK-2]`, async () => {
      const answer = await answerTo({ status, headers, pieces: [Buffer.from(events)] }, true);
      expect(answer).not.toContain('precious');
      expect(answer).toMatch(/Then not\.|cannot be read|no answer of a model/);
    });
  }

  for (const [what, headers, status] of [
    ['with the type in other letters', ['content-type', 'Application/JSON;charset=utf-8'], 200],
    ['with a type of its own', ['content-type', 'application/vnd.llm+json'], 200],
    ['without a type', [], 200],
    ['as plain text', ['content-type', 'text/plain'], 200],
    ['with the status 202', ['content-type', 'application/json'], 202],
  ] as const) {
    test(`in a JSON answer ${what} [HK-2]`, async () => {
      const pieces = [Buffer.from(JSON.stringify(response))];
      const answer = await answerTo({ status, headers, pieces }, false);
      expect(answer).not.toContain('precious');
      expect(answer).toContain('Then not.');
    });
  }

  test('in an answer that is encoded although a plain one was asked for, whoever names the encoding first [HK-2]', async () => {
    const headers = [
      ...['content-type', 'text/event-stream'],
      ...['content-encoding', 'identity', 'content-encoding', 'gzip'],
    ];
    const answer = await answerTo({ headers, pieces: [gzipSync(events)] }, true);
    expect(answer).toMatch(/^502 .*content-encoding \\"gzip\\"/s);
  });
});

describe('a call that clients may read in different ways does not reach the client', () => {
  const twice = '{"cmd":"rm -rf precious","cmd":"ls"}';
  const inputs = { ...call, arguments: twice };
  const streamOf = (item: object): Buffer =>
    Buffer.from(
      [
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: { ...response, output: [item] } },
      ]
        .map(frame)
        .join(''),
    );

  for (const [what, item] of [
    ['with one argument twice', inputs],
    ['with one argument twice, deep in it', { ...call, arguments: `{"cmd":"ls","a":[${twice}]}` }],
    ['with a list for its name', { ...call, name: ['exec_command'] }],
    ['with a list for its name and no input', { ...call, name: ['exec_command'], arguments: '' }],
    ['with a list for its input', { ...call, arguments: ['rm -rf precious'] }],
    ['with an object for its input', { ...call, arguments: { cmd: 'rm -rf precious' } }],
  ] as const) {
    test(`${what} [HK-2]`, async () => {
      const headers = ['content-type', 'text/event-stream'];
      const answer = await answerTo({ headers, pieces: [streamOf(item)] }, true);
      expect(answer).not.toMatch(/precious|exec_command/);
      expect(answer).toContain('Then not.');
    });
  }

  test('in the Messages API with one argument twice, in pieces [HK-2]', async () => {
    await bench.file('home/.claude/settings.json', '{"permissions":{"deny":["Bash(rm:*)"]}}');
    const message = { id: 'm1', type: 'message', role: 'assistant', model: 'm', content: [], usage: {} };
    const pieces = [
      { type: 'message_start', message },
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'tool_use', id: 't1', name: 'Bash', input: {} },
      },
      ...['{"command":"rm -rf precious",', '"command":"ls"}'].map((partial) => ({
        ...{ type: 'content_block_delta', index: 0 },
        delta: { type: 'input_json_delta', partial_json: partial },
      })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ].map((event) => Buffer.from(frame(event)));
    bench.answers({ kind: 'bytes', headers: ['content-type', 'text/event-stream'], pieces }, [
      { kind: 'text', text: 'Then not.' },
    ]);
    const { body } = await callRaw(bench.middleware.port, {
      path: '/v1/messages',
      headers: ['x-codex-plus-workspace', bench.workspace],
      body: '{"model":"m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"clean up"}]}',
    });
    expect(body.toString()).not.toContain('precious');
    expect(body.toString()).toContain('Then no');
  });

  test('in a chat stream with a list for its name and no input [HK-2]', async () => {
    await bench.file('home/.claude/settings.json', '{"permissions":{"deny":["mcp__srv__wipe"]}}');
    const chunk = (delta: object, reason: string | null): string =>
      `data: ${JSON.stringify({
        ...{ id: 'c', object: 'chat.completion.chunk', model: 'm' },
        choices: [{ index: 0, delta, finish_reason: reason }],
      })}\n\n`;
    const made = { index: 0, id: 'c1', type: 'function', function: { name: ['mcp__srv__wipe'] } };
    const pieces = [
      chunk({ role: 'assistant', tool_calls: [made] }, null),
      chunk({}, 'tool_calls'),
      'data: [DONE]\n\n',
    ].map((text) => Buffer.from(text));
    bench.answers({ kind: 'bytes', headers: ['content-type', 'text/event-stream'], pieces }, [
      { kind: 'text', text: 'Then not.' },
    ]);
    const { body } = await callRaw(bench.middleware.port, {
      path: '/v1/chat/completions',
      headers: ['x-codex-plus-workspace', bench.workspace],
      body: '{"model":"m","stream":true,"messages":[{"role":"user","content":"clean up"}]}',
    });
    expect(body.toString()).not.toContain('wipe');
    expect(body.toString()).toContain('Then no');
  });
});

describe('what no model answers with', () => {
  for (const status of [204, 205, 301, 304, 307, 308]) {
    test(`such as a ${status} is a 502, and leads the client nowhere`, async () => {
      const location = ['location', 'http://169.254.169.254/latest'];
      bench.answers({ kind: 'bytes', status, headers: location, pieces: [] });
      for (const path of ['/v1/responses', '/v1/chat/completions', '/v1/messages']) {
        const answer = await callRaw(bench.middleware.port, {
          path,
          body: '{"model":"m","messages":[{"role":"user","content":"hi"}]}',
        });
        expect([path, answer.status]).toEqual([path, 502]);
        expect(answer.body.toString()).toContain(`the status ${status}`);
        expect(`${answer.headers.join()}${answer.body.toString()}`).not.toContain('169.254');
      }
    });
  }
});

test('a call of the namespace "", which Codex runs as its own, is one of its own [HK-2]', async () => {
  const named = { ...call, namespace: '' };
  const pieces = [Buffer.from(events.replaceAll(JSON.stringify(call), JSON.stringify(named)))];
  const answer = await answerTo({ headers: ['content-type', 'text/event-stream'], pieces }, true);
  expect(answer).not.toContain('precious');
  expect(answer).toContain('Then not.');
});

test('a second call in the place of one that ended does not go out with it [HK-2]', async () => {
  const harmless = { ...call, call_id: 'c0', id: 'fc_0', arguments: JSON.stringify({ cmd: 'ls' }) };
  const pieces = [
    frame({ type: 'response.created', ...{ response: { ...response, output: [], status: 'in_progress' } } }),
    ...[harmless, call, { ...harmless, call_id: 'c2' }].map((item) =>
      frame({ type: 'response.output_item.done', ...{ output_index: 0, item } }),
    ),
    frame({ type: 'response.completed', ...{ response: { ...response, output: [harmless, call] } } }),
  ];
  const headers = ['content-type', 'text/event-stream'];
  const answer = await answerTo({ headers, pieces: [Buffer.from(pieces.join(''))] }, true);
  expect(answer).not.toContain('precious');
});

test('a path whose letters are encoded goes nowhere with our key', async () => {
  for (const path of [
    '/v1/chat/%63ompletions',
    '/v1/%72esponses',
    '/v1/embedd%69ngs',
    '/v1/models/%2e%2e/key',
    '/v1/files/%00',
  ]) {
    const { status } = await callRaw(bench.middleware.port, {
      path,
      body: '{"model":"m","api_base":"http://x"}',
    });
    expect([path, status]).toEqual([path, 400]);
  }
  const known = await callRaw(bench.middleware.port, { path: '/v1/models/ollama%3Allama', method: 'GET' });
  expect(known.status).not.toBe(400);
  expect(bench.upstream.requests.map(({ url }) => url)).not.toContain('/v1/chat/%63ompletions');
});

test('a model call with a slash at the end of its path goes up without it', async () => {
  bench.answers([{ kind: 'text', text: 'Hello.' }]);
  for (const path of ['/v1/responses/', '/v1/responses/?a=/', '/v1/responses?a=/']) {
    expect((await callRaw(bench.middleware.port, { path, body: '{"model":"m","input":"x"}' })).status).toBe(
      200,
    );
  }
  expect(bench.upstream.requests.map(({ url }) => url)).toEqual([
    '/v1/responses',
    '/v1/responses?a=/',
    '/v1/responses?a=/',
  ]);
});
