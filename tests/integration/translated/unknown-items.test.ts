import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sealSummary } from '../../../middleware/protocol/translation/original.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  const litellm_params = { model: 'openai/my-own', api_base: 'http://10.1.2.3:8000/v1' };
  upstream.deploys([{ model_name: 'mine', litellm_params, model_info: { mode: 'chat' } }]);
  middleware = await composeMiddleware(upstream.url, {
    OPENAI_API_BASE: `${upstream.url}/v1`,
    OPENAI_API_KEY: 'sk-openai-real-0123456789',
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
});

const tail = "\n\nLiteLLM: model group 'mine' failed with the error above.";
const ofLitellm = (said: unknown): object => ({
  error: {
    message: `litellm.BadRequestError: OpenAIException - ${JSON.stringify(said)}${tail}`,
    code: '400',
  },
});
const invalid = {
  error: {
    message: "Invalid value: 'compaction'. Supported values are: 'message' and 'function_call'.",
    ...{ type: 'invalid_request_error', param: 'input[0].type', code: 'invalid_value' },
  },
};
const missing =
  "[{'type': 'missing', 'loc': ('body', 'input', 'list[...]', 0, 'ResponseReasoningItemParam'), 'msg': 'Field required'}]";
const vllm = { error: { message: missing, type: 'Bad Request', param: null, code: 400 } };
const tag = {
  type: 'union_tag_invalid',
  msg: "Input tag 'reasoning' does not match any of the expected tags",
};
const fastapi = { detail: [{ loc: ['body', 'input', 0], ...tag }] };
const llama = {
  error: { code: 400, message: "Cannot determine type of 'item'", type: 'invalid_request_error' },
};

const user = { role: 'user', content: 'and now?' };
const compaction = { type: 'compaction', encrypted_content: 'gAAAAABotheirs0123' };
const thought = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAABotheirs0123' };

async function post(path: string, model: string, input: readonly object[], stream = false): Promise<number> {
  const answer = await callRaw(middleware.port, { path, body: JSON.stringify({ model, input, stream }) });
  return answer.status;
}

const cases = [
  ['OpenAI’s words', 400, invalid],
  ['vLLM’s', 400, vllm],
  ['FastAPI’s', 422, fastapi],
  ['llama.cpp’s', 400, llama],
] as const;

test.each(cases)(
  '[RT-5] what a server of one’s own does not know of others’ items is left out once it says so: %s',
  async (_whose, code, said) => {
    const ways = [
      ['mine', ofLitellm(said), true],
      ['gpt-5', said, false],
    ] as const;
    for (const [model, error, isLitellmThere] of ways) {
      middleware.setLitellm(isLitellmThere ? upstream.url : undefined);
      upstream.use((seen) => (seen.raw.includes('gAAAAABotheirs') ? status(code, error) : says('Done.')));
      for (const input of [
        [compaction, user],
        [user, thought, user],
      ]) {
        upstream.forget();
        expect(await post('/v1/responses', model, input)).toBe(200);
        expect(upstream.requests).toHaveLength(2);
        const raw = upstream.requests[1]?.raw.toString() ?? '';
        expect(raw.includes('summed up by another provider')).toBe(input.includes(compaction));
        expect(await post('/v1/responses', model, input, true)).toBe(200);
        expect(await post('/v1/responses/compact', model, input)).toBe(200);
      }
    }
  },
);

test('[RT-5] what it says of the request itself is told, and tried no third time', async () => {
  middleware.setLitellm(upstream.url);
  upstream.use(() => status(400, ofLitellm(invalid)));
  expect(await post('/v1/responses', 'mine', [compaction, user])).toBe(400);
  expect(upstream.requests).toHaveLength(2);
  upstream.forget();
  // Our own summary goes in words at once.
  const own = { type: 'compaction', encrypted_content: sealSummary('It is renamed.') };
  expect(await post('/v1/responses', 'mine', [own, user])).toBe(400);
  expect(upstream.requests).toHaveLength(1);
});

test.each([
  "Unsupported value: 'reasoning.effort' does not support 'minimal' with this model.",
  "Unsupported parameter: 'reasoning' is not supported with this model.",
  "'temperature' is not supported with reasoning models.",
])('[RT-5] what it says of how the model is to think is about no item: %s', async (message) => {
  middleware.setLitellm(upstream.url);
  upstream.use(() => status(400, ofLitellm({ error: { message, type: 'invalid_request_error' } })));
  expect(await post('/v1/responses', 'mine', [user, thought, user])).toBe(400);
  expect(upstream.requests).toHaveLength(1);
});
