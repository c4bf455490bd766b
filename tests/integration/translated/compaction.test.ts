import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { messages } from '../../support/fake-upstream/shapes.ts';
import { calls, says, streams } from '../../support/fake-upstream/step.ts';
import { framed } from '../../support/framed.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([
    deployment('claude', 'anthropic'),
    deployment('gemini', 'gemini'),
    deployment('gpt', 'openai'),
  ]);
  middleware = await composeMiddleware(upstream.url);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
});

interface Response {
  readonly status: string;
  readonly output: readonly { readonly type: string; readonly encrypted_content: string }[];
  readonly error?: { readonly code: string; readonly message: string };
  readonly usage?: { readonly output_tokens: number };
}

const said = [
  { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'rename the file' }] },
  { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'it is renamed' }] },
];
const tools = [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }];

async function ask(model: string, stream: boolean, input: readonly object[]): Promise<Response> {
  const body = JSON.stringify({ model, stream, input, tools });
  const answer = await callRaw(middleware.port, { path: '/v1/responses', body });
  const text = answer.body.toString();
  expect(answer.status).toBe(200);
  if (!stream) return JSON.parse(text) as Response;
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as { type: string; item?: object; response?: Response });
  const last = events.at(-1)?.response;
  if (last === undefined) throw new Error('the stream has no end');
  const done = events.filter(({ type }) => type === 'response.output_item.done');
  expect(done.map(({ item }) => item)).toEqual(last.output);
  return last;
}

const compact = [...said, { type: 'compaction_trigger' }];

describe.each([
  ['claude', true],
  ['claude', false],
  ['gemini', true],
  ['gemini', false],
] as const)('[PX-6] a compaction by %s (streamed: %s)', (model, stream) => {
  test('is exactly one item, which every provider reads as the summary that it is', async () => {
    upstream.use(() => says('The user wanted the file renamed; it is.'));
    const { status, output, usage } = await ask(model, stream, compact);
    expect([status, output.length, output[0]?.type]).toEqual(['completed', 1, 'compaction']);
    expect(usage?.output_tokens).toBe(10);
    // The tools are part of what the provider has in its cache, but none may be called.
    const sent = upstream.requests[0]?.json;
    expect(JSON.stringify(sent?.['tool_choice'])).toContain('none');
    expect((sent?.['messages'] as readonly { role: string }[]).at(-1)?.role).toBe('user');
    for (const next of ['claude', 'gemini', 'gpt']) {
      await ask(next, stream, [...output, { role: 'user', content: 'and now?' }]);
      const raw = upstream.requests.at(-1)?.raw.toString() ?? '';
      expect(raw).toContain('The user wanted the file renamed; it is.');
      expect(raw).not.toContain('encrypted_content');
    }
  });

  test('fails where the model calls a tool instead, or says nothing', async () => {
    for (const step of [calls('look', {}), says(' ')]) {
      upstream.use(() => step);
      const { status, output } = await ask(model, stream, compact);
      expect([status, output]).toEqual(['failed', []]);
    }
  });
});

test('[PX-6] half a summary is none: one that the output limit cut off, or whose stream broke', async () => {
  const frames = framed(messages.events('m', [{ kind: 'text', text: 'The user wanted' }], 0));
  for (const half of [frames.map((frame) => frame.replace('end_turn', 'max_tokens')), frames.slice(0, 5)]) {
    upstream.use(() => streams(half));
    const { status, output, error } = await ask('claude', true, compact);
    expect([status, output]).toEqual(['failed', []]);
    expect(error?.message).toMatch(/cut off|ended before/);
  }
});
