import { describe, expect, test } from '@jest/globals';
import { objectIn, parseJson, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { asClaudeTakes } from '../../../middleware/protocol/apis/messages/translation/direct/as-claude-takes.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { directTraits } from '../../../middleware/upstreams/provider/direct-traits.ts';
import { targetOfModel } from '../../../middleware/upstreams/translated/target-of-model.ts';
import { claude } from '../../support/strict/models.ts';
import { strictClaude } from '../../support/strict/strict-claude.ts';

const anthropic = { name: 'anthropic', baseUrl: 'https://api.anthropic.com/v1' };
const byName = (model: string): ModelTraits => directTraits(anthropic, model, undefined);

function sent(text: string, traits: ModelTraits): string {
  const json = Buffer.from(text);
  const request = { api: 'messages', path: '/messages', headers: [], raw: json, json } as const;
  const head = { model: 'm', stream: false };
  return asClaudeTakes({ ...request, head, contentEncoding: undefined }, traits).json.toString();
}

const asked = (members: JsonObject, model: string | ModelTraits): JsonObject => {
  const traits = typeof model === 'string' ? byName(model) : model;
  const body = { model: 'm', max_tokens: 32_000, ...members, messages: [{ role: 'user', content: 'go' }] };
  const {
    model: name,
    max_tokens: limit,
    messages,
    ...others
  } = objectIn(parseJson(sent(JSON.stringify(body), traits)));
  expect([name, messages, limit]).toEqual(['m', body.messages, body.max_tokens]);
  return others;
};

const adaptive = { type: 'adaptive', display: 'summarized' };
const within = (budget_tokens: number): JsonObject => ({ type: 'enabled', budget_tokens });

describe('[RT-3] what Claude Code asks of every Claude, at one that is called without LiteLLM', () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'claude-sonnet-4-5',
      { thinking: adaptive, output_config: { effort: 'high' } },
      { thinking: within(4_096) },
    ],
    [
      'claude-haiku-4-5',
      { thinking: adaptive, output_config: { effort: 'xhigh' } },
      { thinking: within(8_192) },
    ],
    ['claude-sonnet-4-5', { thinking: adaptive }, { thinking: within(2_048) }],
    ['claude-sonnet-4-5', { output_config: { effort: 'low' } }, { thinking: within(1_024) }],
    [
      'claude-sonnet-4-5',
      { thinking: { type: 'disabled' }, output_config: { effort: 'low', format: { type: 'json_schema' } } },
      { thinking: { type: 'disabled' }, output_config: { format: { type: 'json_schema' } } },
    ],
    ['claude-sonnet-4-5', { thinking: within(9_000) }, { thinking: within(9_000) }],
    [
      'claude-sonnet-4-5',
      { thinking: adaptive, max_tokens: 3_000, output_config: { effort: 'max' } },
      { thinking: within(2_999) },
    ],
    ['claude-sonnet-4-5', { thinking: adaptive, max_tokens: 1_024 }, {}],
    [
      'claude-sonnet-4-5',
      { thinking: adaptive, tool_choice: { type: 'any' } },
      { tool_choice: { type: 'any' } },
    ],
    ['claude-sonnet-4-5', { thinking: adaptive, temperature: 0, top_k: 5 }, { thinking: within(2_048) }],
    [
      'claude-sonnet-4-5',
      { thinking: adaptive, temperature: 1 },
      { thinking: within(2_048), temperature: 1 },
    ],
    ['claude-sonnet-4-5', { temperature: 0, top_k: 5 }, { temperature: 0, top_k: 5 }],
    [
      'claude-opus-4-5',
      { thinking: adaptive, output_config: { effort: 'high' } },
      { output_config: { effort: 'high' } },
    ],
    [
      'claude-opus-4-5',
      { thinking: adaptive, output_config: { effort: 'xhigh' } },
      { thinking: within(8_192) },
    ],
    ['claude-3-5-haiku-20241022', { thinking: adaptive, output_config: { effort: 'high' } }, {}],
    ['claude-3-5-haiku-20241022', { thinking: within(2_000) }, {}],
    [
      'claude-sonnet-5',
      { thinking: adaptive, output_config: { effort: 'xhigh' } },
      { thinking: adaptive, output_config: { effort: 'xhigh' } },
    ],
    [
      'claude-sonnet-5',
      { thinking: within(9_000) },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    ],
    [
      'claude-opus-4-8',
      { thinking: { ...within(2_048), display: 'omitted' }, output_config: { effort: 'low' } },
      { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'low' } },
    ],
    ['claude-sonnet-4-6', { thinking: within(9_000) }, { thinking: within(9_000) }],
    ['claude-fable-5', { thinking: { type: 'disabled' } }, {}],
  ])('%s: %j', (model, members, taken) => {
    expect(asked(members, model)).toEqual(taken);
  });

  test('is the nearest effort that LiteLLM told of', () => {
    const traits = claude({ providerModel: 'claude-sonnet-4-6', efforts: ['low', 'medium', 'high', 'max'] });
    const members = { thinking: adaptive, output_config: { effort: 'xhigh' } };
    expect(asked(members, traits)['output_config']).toEqual({ effort: 'high' });
  });

  test('keeps every byte where nothing of it is refused, and of other models', () => {
    const odd =
      '{ "model":"m",  "thinking" : {"type": "adaptive"},"messages":[ {"role":"user","content":"\\u0041"} ] }';
    expect(sent(odd, byName('claude-sonnet-5'))).toBe(odd);
    expect(sent(odd, byName('MiniMax-M2'))).toBe(odd);
    const plain =
      '{ "messages":[{"role":"user","content":[ {"type":"text","text":"\\"id\\":\\"a.b\\""} ]}], "model":"m"}';
    expect(sent(plain, byName('claude-sonnet-4-5'))).toBe(plain);
    expect(sent(odd, byName('claude-sonnet-4-5'))).toBe(
      '{ "model":"m",  "messages":[ {"role":"user","content":"\\u0041"} ] }',
    );
  });
});

test('[RT-3] ids of calls that another model gave are such as Claude takes, in a call and its result', () => {
  const messages = [
    { role: 'user', content: 'go' },
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'functions.Bash:0', name: 'Bash', input: { id: 'a/b' } }],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'functions.Bash:0', content: 'ok' }] },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} }] },
  ];
  const written = JSON.parse(sent(JSON.stringify({ model: 'm', messages }), byName('claude-sonnet-5'))) as {
    messages: { content: JsonObject[] }[];
  };
  const [, call, result, next] = written.messages;
  expect(call?.content[0]?.['id']).toMatch(/^[\w-]{1,64}$/);
  expect(result?.content[0]?.['tool_use_id']).toBe(call?.content[0]?.['id']);
  expect(call?.content[0]?.['input']).toEqual({ id: 'a/b' });
  expect(next).toEqual(messages[3]);
});

describe('[RT-4] messages of the role "system", at a Claude that refuses them', () => {
  const said = (role: string, content: unknown): JsonObject => ({ role, content });
  const written = (members: JsonObject, model = 'claude-sonnet-4-5'): JsonObject =>
    objectIn(parseJson(sent(JSON.stringify({ model: 'm', ...members }), byName(model))));
  const faults = (body: JsonObject, model: string): readonly string[] =>
    strictClaude('').faultsOf({ max_tokens: 9, ...body }, model);
  const reminder = (text: string): JsonObject => ({
    type: 'text',
    text: `<system-reminder>\n${text}\n</system-reminder>`,
  });
  const call = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} };
  const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' };
  const mark = { cache_control: { type: 'ephemeral' } };
  const conversation = [
    said('user', 'go'),
    said('system', [{ type: 'text', text: 'Be brief.', ...mark }]),
    said('assistant', [call]),
    said('user', [result]),
    said('system', 'Be kind.'),
  ];

  test('stand within what the user said, behind the results of calls', () => {
    const { messages } = written({ messages: conversation });
    expect(messages).toEqual([
      said('user', [
        { type: 'text', text: 'go' },
        { ...reminder('Be brief.'), ...mark },
      ]),
      said('assistant', [call]),
      said('user', [result, reminder('Be kind.')]),
    ]);
    expect(faults({ messages: conversation }, 'claude-sonnet-4-5')).toContain(
      "role 'system' is not supported on this model",
    );
    expect(faults({ messages }, 'claude-sonnet-4-5')).toEqual([]);
  });

  test('join the instructions where they stand first', () => {
    const messages = [
      said('system', 'One.'),
      said('system', [{ type: 'text', text: 'Two.' }]),
      said('user', 'go'),
    ];
    const texts = (...all: readonly string[]): readonly JsonObject[] =>
      all.map((text) => ({ type: 'text', text }));
    expect(written({ messages })).toEqual({
      model: 'm',
      system: texts('One.', 'Two.'),
      messages: [said('user', 'go')],
    });
    expect(written({ messages, system: 'Zero.' })['system']).toEqual(texts('Zero.', 'One.', 'Two.'));
  });

  test('wait for the results of the calls before them, and are a turn of their own where nobody speaks behind them', () => {
    const early = [
      said('user', 'go'),
      said('assistant', [call]),
      said('system', 'Now.'),
      said('user', [result]),
    ];
    expect(objectsIn(written({ messages: early })['messages']).at(-1)).toEqual(
      said('user', [result, reminder('Now.')]),
    );
    const late = [
      said('user', 'go'),
      said('assistant', 'Well.'),
      said('system', 'Now.'),
      said('assistant', 'So.'),
    ];
    expect(objectsIn(written({ messages: late })['messages'])[2]).toEqual(said('user', [reminder('Now.')]));
  });

  test.each(['claude-opus-4-8', 'claude-opus-4-8-20260528', 'claude-sonnet-5', 'claude-fable-5-1'])(
    'go as they are to %s, byte for byte',
    (model) => {
      const text = JSON.stringify({ model: 'm', messages: conversation });
      expect(sent(text, byName(model))).toBe(text);
      expect(faults({ messages: conversation }, model)).toEqual([]);
    },
  );

  test.each([
    'claude-opus-4-7',
    'claude-opus-4-20250514',
    'claude-3-5-haiku-20241022',
    'claude-mythos-preview',
    'MiniMax-M2',
  ])('do not go to %s', (model) => {
    expect(JSON.stringify(written({ messages: conversation }, model))).not.toContain('"role":"system"');
  });

  test.each([
    [[said('system', 'x'), said('user', 'go')], "use the top-level 'system' parameter"],
    [[said('user', 'go'), said('system', 'x'), said('user', 'go')], 'misplaced'],
    [[said('user', 'go'), said('system', [{ type: 'image' }])], 'text alone'],
  ])('the strict Claude refuses what the real one refuses: %j', (messages, words) => {
    expect(faults({ messages }, 'claude-opus-4-8').join('\n')).toContain(words);
  });
});

test('[RT-4] whether a model takes messages of the role "system", LiteLLM tells, or the name', () => {
  const taken = (model: string, info: JsonObject = {}): boolean | undefined =>
    targetOfModel([{ name: 'm', params: { model }, info }])?.traits.takesSystemTurns;
  expect(taken('anthropic/claude-sonnet-4-5')).toBe(false);
  expect(taken('anthropic/claude-opus-4-8')).toBe(true);
  expect(taken('anthropic/claude-opus-6', { supports_mid_conversation_system: false })).toBe(false);
  expect(taken('bedrock/anthropic.claude-opus-4-8')).toBe(false);
  expect(taken('bedrock/anthropic.claude-opus-4-8', { supports_mid_conversation_system: true })).toBe(true);
});
