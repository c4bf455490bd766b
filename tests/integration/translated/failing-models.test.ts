import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
const model = 'claude-3-5-sonnet';

beforeEach(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([deployment(model, 'anthropic')]);
  middleware = await composeMiddleware(upstream.url, {
    ANTHROPIC_API_BASE: upstream.url,
    ANTHROPIC_API_KEY: 'sk-ant-real',
  });
});

afterEach(async () => {
  await middleware.close();
  await upstream.close();
});

interface Told {
  readonly failing: readonly { readonly model: string; readonly status: number; readonly failures: number }[];
}

async function failing(
  headers: readonly string[] = [],
): Promise<readonly (readonly [string, number, number])[]> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] });
  await callRaw(middleware.port, { path: '/v1/chat/completions', headers, body });
  const health = (await (await fetch(`${middleware.url}/health`)).json()) as Told;
  return health.failing.map((each) => [each.model, each.status, each.failures]);
}

const overloaded = { type: 'overloaded_error', message: 'Overloaded' };

describe.each([true, false])(
  '[OBS-1] a model whose provider fails is told of (with LiteLLM: %s)',
  (isThere) => {
    beforeEach(() => {
      middleware.setLitellm(isThere ? upstream.url : undefined);
    });

    test.each([
      ['is overloaded', 529, overloaded, 503],
      ['asks to wait', 429, { type: 'rate_limit_error', message: 'Slow down' }, 429],
      ['fails', 500, { type: 'api_error', message: 'Internal' }, 502],
      ['is overloaded, as LiteLLM says it', 500, { message: 'litellm.InternalServerError: Overloaded' }, 503],
      ['says so with a success', 200, overloaded, 503],
    ] as const)('where it %s, until it answers again', async (_what, code, error, told) => {
      upstream.use(() => status(code, { type: 'error', error }));
      expect(await failing()).toEqual([[model, told, 1]]);
      expect(await failing()).toEqual([[model, told, 2]]);
      upstream.use(() => says('Done.'));
      expect(await failing()).toEqual([]);
    });

    test.each([
      ['our key', 401, { type: 'authentication_error', message: 'invalid x-api-key' }, 400],
      ['the name of its entry', 404, { type: 'not_found_error', message: `model: ${model}` }, 404],
    ] as const)('where it refuses %s, whatever its client is told', async (_what, code, error, told) => {
      upstream.use(() => status(code, { type: 'error', error }));
      expect(await failing()).toEqual([[model, told, 1]]);
      expect(await failing(['user-agent', 'claude-cli/2.1.332 (external, cli)'])).toEqual([
        [model, told === 404 ? 404 : 424, 2],
      ]);
      upstream.use(() => says('Done.'));
      expect(await failing()).toEqual([]);
    });

    test('but not where it refuses a request', async () => {
      const error = { type: 'invalid_request_error', message: 'messages: too many' };
      upstream.use(() => status(400, { type: 'error', error }));
      expect(await failing()).toEqual([]);
    });
  },
);
