import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([deployment('claude', 'anthropic'), deployment('gemini', 'gemini')]);
  middleware = await composeMiddleware(upstream.url, {});
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

test.each([nested(501), nested(1_500), nested(50_000), '[1]', 'null', '{"a":NaN}', '{"a":1}{"a":1}', '"'])(
  '[RT-4] a conversation goes on with whatever arguments a model once wrote: %#',
  async (args) => {
    upstream.use(() => ({ kind: 'answer', items: [{ kind: 'text', text: 'Hi' }] }));
    const called = { type: 'function', id: 'c', function: { name: 'read', arguments: args } };
    const forResponses = {
      input: [
        { type: 'message', role: 'user', content: 'go' },
        { type: 'function_call', name: 'read', call_id: 'c', arguments: args },
        { type: 'function_call_output', call_id: 'c', output: 'ok' },
      ],
    };
    const forChat = {
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: null, tool_calls: [called] },
        { role: 'tool', tool_call_id: 'c', content: 'ok' },
      ],
    };
    for (const [path, said, model] of [
      ['/v1/responses', forResponses, 'claude'],
      ['/v1/responses', forResponses, 'gemini'],
      ['/v1/chat/completions', forChat, 'claude'],
    ] as const) {
      const body = JSON.stringify({ model, ...said });
      const answer = await callRaw(middleware.port, { path, body });
      expect(answer.status).toBe(200);
      expect(answer.body.toString()).toContain('Hi');
    }
  },
);
