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
      expect(answer).toMatch(/Then not\.|cannot be read/);
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
