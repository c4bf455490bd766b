import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { objectIn } from '../../../middleware/kernel/json-object.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../../support/fake-upstream/step.ts';
import { callRaw, type RawAnswer } from '../../support/raw-client.ts';
import { putClockForward } from '../../support/test-clock.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeEach(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([deployment('gpt', 'openai'), deployment('other', 'openai')]);
  middleware = await composeMiddleware(upstream.url);
});

afterEach(async () => {
  await middleware.close();
  await upstream.close();
});

const message =
  'Your organization must be verified to generate reasoning summaries. Please go to: https://platform.openai.com/settings/organization/general';
const ofOpenai = {
  message,
  type: 'invalid_request_error',
  param: 'reasoning.summary',
  code: 'unsupported_value',
};
const refused = status(400, {
  error: { message: `litellm.BadRequestError: OpenAIException - ${JSON.stringify({ error: ofOpenai })}` },
});

function ask(more: object = {}): Promise<RawAnswer> {
  const messages = [{ role: 'user', content: 'go' }];
  const asked = { model: 'gpt', max_tokens: 99, thinking: { type: 'adaptive' }, messages, ...more };
  return callRaw(middleware.port, { path: '/v1/messages', body: JSON.stringify(asked) });
}

function summaries(): readonly unknown[] {
  return upstream.requests.map(({ json }) => objectIn(json?.['reasoning'])['summary']);
}

describe('[RT-4] an organization to which OpenAI shows no thoughts', () => {
  test.each([true, false])(
    'has its answers without, and is asked for none for a while (streamed: %s)',
    async (stream) => {
      upstream.use(({ json }) =>
        objectIn(json?.['reasoning'])['summary'] === undefined ? says('Done.') : refused,
      );
      const output_config = { effort: 'high' };
      const answers = [await ask({ stream, output_config }), await ask({ stream, output_config })];
      expect(answers.map((answer) => [answer.status, answer.body.includes('Done.')])).toEqual([
        [200, true],
        [200, true],
      ]);
      expect(summaries()).toStrictEqual(['auto', undefined, undefined]);
      expect(upstream.requests.map(({ json }) => objectIn(json?.['reasoning'])['effort'])).toEqual([
        'high',
        'high',
        'high',
      ]);
      expect((await ask({ model: 'other' })).status).toBe(200);
      expect(summaries().slice(3)).toStrictEqual(['auto', undefined]);
      putClockForward(15 * 60_000);
      upstream.use(() => says('Done.'));
      await ask({ stream });
      expect(summaries().slice(5)).toStrictEqual(['auto']);
    },
  );

  test('is told of what else is refused, after one try', async () => {
    upstream.use(() => status(400, { error: { message: 'no', param: 'reasoning.summary', code: 'other' } }));
    expect((await ask()).status).toBe(400);
    upstream.use(() => refused);
    expect((await ask()).status).toBe(400);
    expect(summaries()).toStrictEqual(['auto', 'auto', undefined]);
  });
});
