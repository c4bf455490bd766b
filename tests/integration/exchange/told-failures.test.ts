import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { streams } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

const frame = (event: object): string => `data: ${JSON.stringify(event)}\n\n`;
const told = { message: 'the model is full', code: 'server_error' };
const created = { type: 'response.created', sequence_number: 0, response: { id: 'resp_1', output: [] } };
const bare = { type: 'error', sequence_number: 1, ...told };
const failed = { type: 'response.failed', sequence_number: 2, response: { id: 'resp_1', error: told } };

describe('an upstream that fails inside of a 200', () => {
  let upstream: FakeUpstream;
  let middleware: ComposedMiddleware;

  beforeAll(async () => {
    upstream = await startFakeUpstream();
    middleware = await composeMiddleware(upstream.url);
  });

  afterAll(async () => {
    await middleware.close();
    await upstream.close();
  });

  for (const headers of [[], ['x-codex-plus-sentences', '1']]) {
    const depth = headers.length === 0 ? 'bytes' : 'events';
    for (const [what, path, events] of [
      ['a bare error event', '/v1/responses', [created, bare]],
      ['an error event and its end', '/v1/responses', [created, bare, failed]],
      ['response.failed', '/v1/responses', [created, failed]],
      ['an error chunk', '/v1/chat/completions', [{ error: told }]],
      ['an error event of Messages', '/v1/messages', [{ type: 'error', error: told }]],
    ] as const) {
      test(`${what} is told in the log as a failure, and to the client once (${depth})`, async () => {
        upstream.use(() => streams(events.map(frame), { then: 'end' }));
        const before = middleware.lines.length;
        const { body } = await callRaw(middleware.port, {
          path,
          headers,
          body: '{"model":"m","stream":true,"input":"hi","messages":[{"role":"user","content":"hi"}]}',
        });
        await until(() =>
          middleware.lines.slice(before).some(({ msg, message }) => (msg ?? message) === 'exchange'),
        );
        const line = middleware.lines
          .slice(before)
          .find(({ msg, message }) => (msg ?? message) === 'exchange');
        expect(line).toMatchObject({ reason: told.message, ending: expect.stringMatching(/^upstream-/) });
        const answer = body.toString();
        if (path !== '/v1/responses') {
          expect(answer).toBe(events.map(frame).join(''));
          return;
        }
        expect(answer.match(/"type":"response.failed"/g)).toHaveLength(1);
        const last = JSON.parse(answer.trimEnd().split('data: ').at(-1) ?? '') as object;
        expect(last).toMatchObject({ sequence_number: 2, response: { id: 'resp_1', error: told } });
      });
    }
  }
});
