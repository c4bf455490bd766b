import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { calls, says, status } from '../../support/fake-upstream/step.ts';
import { callRaw, type RawAnswer } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeEach(async () => {
  upstream = await startFakeUpstream();
  const grok = {
    model_name: 'grok',
    litellm_params: { model: 'xai/grok-4.3' },
    model_info: { mode: 'chat', supports_reasoning: true, supports_vision: true },
  };
  upstream.deploys([grok, { ...grok, model_name: 'other' }, deployment('gpt', 'openai')]);
  middleware = await composeMiddleware(upstream.url);
});

afterEach(async () => {
  await middleware.close();
  await upstream.close();
});

const look = { type: 'function', name: 'look', parameters: { type: 'object', properties: {} } };
const tools = [
  { type: 'custom', name: 'apply_patch', description: 'Edits.', format: { type: 'text' } },
  { type: 'namespace', name: 'mcp', description: 'Some.', tools: [look] },
  { type: 'tool_search', execution: 'client', description: 'Finds.', parameters: look.parameters },
  ...[{ type: 'local_shell' }, { type: 'web_search', external_web_access: false }],
];
const history = [
  { role: 'user', content: 'Do it.' },
  { type: 'reasoning', summary: [], encrypted_content: 'gAAAAopenai' },
  { type: 'custom_tool_call', call_id: 'call_1', name: 'apply_patch', input: '*** Begin' },
  { type: 'custom_tool_call_output', call_id: 'call_1', output: 'Done.' },
];
const thought = sealOriginal({
  origin: 'openai',
  provider: 'xai',
  blocks: [{ encrypted_content: 'Hfq+xai' }],
});
const thoughtOfXai = { type: 'reasoning', summary: [], encrypted_content: thought };

function ask(more: object = {}): Promise<RawAnswer> {
  const asked = { model: 'grok', tools, reasoning: { effort: 'high', summary: 'auto' }, input: history };
  return callRaw(middleware.port, { path: '/v1/responses', body: JSON.stringify({ ...asked, ...more }) });
}

function refusal(words: string): ReturnType<typeof status> {
  const json = JSON.stringify({ code: 'invalid-argument', error: words });
  return status(400, { error: { message: `litellm.BadRequestError: XaiException - ${json}` } });
}

function sent(index: number): JsonObject {
  return objectIn(upstream.requests.at(index)?.json);
}

function typesIn(list: unknown): readonly unknown[] {
  return objectsIn(list).map(({ type }) => type);
}

describe('[RT-4] xAI, whose Responses API knows functions alone', () => {
  test.each([true, false])(
    'gets no other, and Codex each call in its kind (streamed: %s)',
    async (stream) => {
      upstream.use(() => calls('apply_patch', { input: '*** Begin Patch\u2028' }));
      const answer = await ask({ stream });
      expect(answer.status).toBe(200);
      expect(upstream.requests.at(0)?.url).toBe('/v1/responses');
      expect(new Set(typesIn(sent(0)['tools']))).toEqual(new Set(['function']));
      expect(JSON.stringify(sent(0)['tools'])).not.toContain('web_search');
      expect(typesIn(sent(0)['input'])).toEqual(['message', 'function_call', 'function_call_output']);
      expect(answer.body.toString()).toContain('"type":"custom_tool_call"');
      expect(answer.body.toString()).toContain('*** Begin Patch');
    },
  );

  test('gets its own thoughts back, and nothing that OpenAI encrypted', async () => {
    upstream.use(() => says('Done.'));
    await ask({ input: [history[0], thoughtOfXai, ...history.slice(1)] });
    const { input } = sent(0);
    expect(JSON.stringify(input)).not.toContain('gAAAA');
    expect(objectsIn(input).at(1)).toEqual({
      ...{ type: 'reasoning', summary: [], encrypted_content: 'Hfq+xai' },
    });
    await ask({ model: 'gpt', input: [history[0], thoughtOfXai, ...history.slice(1)] });
    expect(JSON.stringify(sent(1)['input'])).not.toContain('codex-plus.1');
  });

  test.each([
    'Could not decrypt the provided encrypted_content. Ensure it is unmodified.',
    'Could not decode the compaction blob. Ensure it is unmodified from the compact response.',
  ])('is called once more without what it cannot read: %s', async (words) => {
    upstream.use((_seen, index) => (index === 0 ? refusal(words) : says('Done.')));
    const answer = await ask({ input: [history[0], thoughtOfXai, ...history.slice(2)] });
    expect([answer.status, upstream.requests.length]).toEqual([200, 2]);
    expect(typesIn(sent(1)['input'])).toEqual(['message', 'function_call', 'function_call_output']);
  });

  test.each([
    'Could not decrypt the provided encrypted_content.',
    'The encrypted content gAAA...wXBV could not be verified.',
  ])('so is who gets the request as it is: %s', async (words) => {
    upstream.use((_seen, index) => (index === 0 ? refusal(words) : says('Done.')));
    const answer = await ask({ model: 'gpt' });
    expect([answer.status, upstream.requests.length]).toEqual([200, 2]);
    expect(typesIn(sent(1)['input'])).not.toContain('reasoning');
  });

  test('a model that takes no effort is told none, and asked for none for a while', async () => {
    upstream.use(({ json }) =>
      'effort' in objectIn(json?.['reasoning'])
        ? refusal('Model grok-4.3 does not support parameter reasoningEffort.')
        : says('Done.'),
    );
    const answers = [await ask(), await ask(), await ask({ model: 'other' })];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    const reasonings = upstream.requests.map(({ json }) => json?.['reasoning']);
    const [told, untold] = [{ effort: 'high', summary: 'auto' }, { summary: 'auto' }];
    expect(reasonings).toEqual([told, untold, untold, told, untold]);
  });
});
