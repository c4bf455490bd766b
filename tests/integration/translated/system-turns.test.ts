import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { objectIn } from '../../../middleware/kernel/json-object.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([
    { model_name: 'budget', litellm_params: { model: 'anthropic/claude-sonnet-4-5' }, model_info: {} },
    { model_name: 'newest', litellm_params: { model: 'anthropic/claude-opus-5' }, model_info: {} },
  ]);
  upstream.use(() => says('Done.'));
  middleware = await composeMiddleware(upstream.url, {});
  middleware.setLitellm(upstream.url);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

const json = ['content-type', 'application/json'];
const messages = [
  { role: 'user', content: 'go' },
  { role: 'system', content: 'Be brief.' },
];

test.each([
  [
    'budget',
    [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'go' },
          { type: 'text', text: '<system-reminder>\nBe brief.\n</system-reminder>' },
        ],
      },
    ],
  ],
  ['newest', messages],
])(
  '[RT-4] LiteLLM gets messages of the role "system", which it passes on as they are, for models that take them alone: %s',
  async (model, sent) => {
    upstream.forget();
    const body = JSON.stringify({ model, max_tokens: 9, messages });
    const answer = await callRaw(middleware.port, { path: '/v1/messages', body, headers: json });
    expect(answer.status).toBe(200);
    expect(upstream.requests.at(-1)?.json?.['messages']).toEqual(sent);
  },
);

test.each(['budget', 'newest'])('[RT-4] what is counted is what the model would get: %s', async (model) => {
  const body = JSON.stringify({ model, max_tokens: 9, messages });
  upstream.forget();
  await callRaw(middleware.port, { path: '/v1/messages', body, headers: json });
  const answer = await callRaw(middleware.port, { path: '/v1/messages/count_tokens', body, headers: json });
  // The fake says what it was asked.
  const told = objectIn(JSON.parse(answer.body.toString()));
  const counted = objectIn(JSON.parse(String(told['body'])));
  expect(counted['messages']).toEqual(upstream.requests[0]?.json?.['messages']);
  expect(JSON.stringify(counted)).toContain('Be brief.');
});
