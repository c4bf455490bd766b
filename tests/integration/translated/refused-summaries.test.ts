import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { status, streams, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  const litellm_params = { model: 'openai/my-own', api_base: 'http://10.1.2.3:8000/v1' };
  upstream.deploys([
    { model_name: 'mine', litellm_params, model_info: { mode: 'chat' } },
    {
      model_name: 'chatonly',
      litellm_params: { model: 'deepseek/deepseek-chat' },
      model_info: { mode: 'chat' },
    },
  ]);
  middleware = await composeMiddleware(upstream.url, {});
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

const said = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'rename the file' }] }];
const asked = [...said, { type: 'compaction_trigger' }];
const words = 'I cannot help with that.';

const event = (told: { readonly type: string }): string =>
  `event: ${told.type}\ndata: ${JSON.stringify(told)}\n\n`;
const data = (told: object): string => `data: ${JSON.stringify(told)}\n\n`;

const response = { id: 'resp_1', object: 'response', model: 'm', status: 'in_progress', output: [] };
const refused = {
  ...{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' },
  content: [{ type: 'refusal', refusal: words }],
};
const completed = { ...response, status: 'completed', output: [refused] };
const choice = (more: object): object => ({ id: 'c', choices: [{ index: 0, ...more }] });
const delta = { type: 'response.refusal.delta', item_id: 'msg_1', output_index: 0, delta: words };
const created = event({ type: 'response.created', response } as { type: string });
const ended = (last: object): string => event({ type: 'response.completed', response: last } as never);

const refusal = "the model's provider refused to sum the conversation up";
const noCall = 'the model called a tool instead of summing the conversation up';

interface Case {
  readonly model: string;
  readonly why: string;
  readonly whole: Step;
  readonly streamed: Step;
}

const cases: readonly (readonly [string, Case])[] = [
  [
    'a refusal, Responses',
    {
      model: 'mine',
      why: refusal,
      whole: status(200, completed),
      streamed: streams([
        created,
        event({ type: 'response.output_item.done', output_index: 0, item: refused } as never),
        ended({ ...completed, output: [] }),
      ]),
    },
  ],
  [
    'a refusal in pieces, Responses',
    {
      model: 'mine',
      why: refusal,
      whole: status(200, completed),
      streamed: streams([
        created,
        event({
          type: 'response.output_item.added',
          output_index: 0,
          item: { ...refused, content: [] },
        } as never),
        event(delta),
        ended({ ...completed, output: [] }),
      ]),
    },
  ],
  [
    'a refusal, chat',
    {
      model: 'chatonly',
      why: refusal,
      whole: status(
        200,
        choice({ message: { role: 'assistant', content: null, refusal: words }, finish_reason: 'stop' }),
      ),
      streamed: streams([
        data(choice({ delta: { role: 'assistant', refusal: words }, finish_reason: null })),
        data(choice({ delta: {}, finish_reason: 'stop' })),
        'data: [DONE]\n\n',
      ]),
    },
  ],
  [
    'a call that is nowhere, chat',
    {
      model: 'chatonly',
      why: noCall,
      whole: status(
        200,
        choice({ message: { role: 'assistant', content: words }, finish_reason: 'tool_calls' }),
      ),
      streamed: streams([
        data(choice({ delta: { role: 'assistant', content: words }, finish_reason: null })),
        data(choice({ delta: {}, finish_reason: 'tool_calls' })),
        'data: [DONE]\n\n',
      ]),
    },
  ],
];

async function post(path: string, body: object): Promise<readonly [number, string]> {
  const answer = await callRaw(middleware.port, { path, body: JSON.stringify(body) });
  return [answer.status, answer.body.toString()];
}

test.each(cases)(
  '[PX-6] takes the place of no conversation: %s',
  async (_what, { model, why, whole, streamed }) => {
    upstream.use(() => whole);
    const byPath = await post('/v1/responses/compact', { model, input: said });
    expect(byPath).toEqual([502, expect.stringContaining(why)]);
    const byItem = await post('/v1/responses', { model, input: asked });
    expect(byItem[1]).toContain(why);
    upstream.use(() => streamed);
    const inStream = await post('/v1/responses', { model, input: asked, stream: true });
    expect(inStream[1]).toContain('response.failed');
    // By which Codex knows that another try does not help.
    expect(inStream[1]).toContain('"code":"invalid_prompt"');
    expect(inStream[1]).toContain(why);
    for (const [, text] of [byPath, byItem, inStream]) expect(text).not.toContain('"compaction"');
  },
);

test('[RT-4] stays an answer in words where no summary was asked for', async () => {
  const [, { whole }] = cases[0] ?? ['', { whole: status(500, {}) }];
  upstream.use(() => whole);
  const body = { model: 'mine', max_tokens: 50, messages: [{ role: 'user', content: 'x' }] };
  expect(await post('/v1/messages', body)).toEqual([200, expect.stringContaining(words)]);
});
