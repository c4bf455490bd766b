import { describe, expect, test } from '@jest/globals';
import type { Api, ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { itemKey } from '../../../middleware/protocol/conversation/item-key.ts';
import { newestUserPrompt, type UserPrompt } from '../../../middleware/protocol/conversation/user-prompt.ts';

function requestOf(json: string | object, api: Api = 'responses'): ApiRequest {
  const bytes = Buffer.from(typeof json === 'string' ? json : JSON.stringify(json));
  return {
    api,
    path: `/${api}`,
    headers: ['content-encoding', 'zstd', 'x-a', '1'],
    raw: Buffer.from('encoded'),
    contentEncoding: 'zstd',
    json: bytes,
    head: { model: 'm', stream: true },
  };
}

function user(...texts: readonly string[]): object {
  return { type: 'message', role: 'user', content: texts.map((text) => ({ type: 'input_text', text })) };
}

function texts(...all: readonly string[]): { kind: 'text'; text: string }[] {
  return all.map((text) => ({ kind: 'text', text }));
}

function promptOf(input: unknown, api: Api = 'responses'): UserPrompt | undefined {
  const body = api === 'responses' ? { model: 'm', input } : { model: 'm', messages: input };
  const conversation = Conversation.of(requestOf(body, api));
  return conversation && newestUserPrompt(conversation, api);
}

describe('Conversation', () => {
  test('tells which items hold a text, wherever else in the body it stands, before and behind edits', () => {
    const sign = Buffer.from('<sign>');
    const request = requestOf({
      instructions: 'a <sign> too',
      input: [user('<sign> and <sign>'), user('none'), user('at its end <sign>'), user('<si', 'gn>')],
      metadata: { x: '<sign>' },
    });
    const conversation = Conversation.of(request)!;
    expect(conversation.indexesWith(sign)).toEqual([0, 2]);
    const edited = conversation.edit(
      new Map([
        [0, []],
        [1, [{ is: '<sign>' }, Buffer.from('{"is":"<sign>"}'), { is: '' }]],
      ]),
    );
    expect(edited.indexesWith(sign)).toEqual([0, 1, 3]);
    expect(Conversation.of(requestOf({ input: '<sign>' }))?.indexesWith(sign)).toEqual([0]);
    expect(Conversation.of(requestOf({ input: [user('x')] }))?.indexesWith(sign)).toEqual([]);
  });

  test('replaces and drops items and keeps every other byte, white space and key order too [PX-2]', () => {
    const request = requestOf(
      '{ "z":1.0, "input" : [ {"a":"]\\"" } ,{"b" : [1,{"c":2}]}, "x" ] ,"model":"m"}',
    );
    const conversation = Conversation.of(request)!;
    expect([0, 1, 2].map((index) => conversation.at(index))).toEqual([
      { a: ']"' },
      { b: [1, { c: 2 }] },
      { role: 'user', content: 'x' },
    ]);
    const edited = conversation.edit(
      new Map([
        [1, [{ n: 1 }, { n: 2 }]],
        [2, []],
      ]),
    );
    const changed = edited.writtenTo(request);
    expect(changed.json.toString()).toBe(
      '{ "z":1.0, "input" : [{"a":"]\\"" },{"n":1},{"n":2}] ,"model":"m"}',
    );
    expect([changed.raw, changed.contentEncoding, changed.headers]).toEqual([
      changed.json,
      undefined,
      ['x-a', '1'],
    ]);
    expect(conversation.edit(new Map()).writtenTo(request)).toBe(request);
  });

  test('names an item as long as it is the same, whatever stands before it or in its place [PX-2]', () => {
    const request = requestOf({ input: [user('one'), user('two'), { ...user('three'), id: 'm3' }] });
    const conversation = Conversation.of(request)!;
    const keys = [0, 1, 2].map((index) => itemKey(conversation, index));
    const shorter = conversation.edit(
      new Map([
        [0, []],
        [2, [{ role: 'user', content: 'III' }]],
      ]),
    );
    expect([0, 1].map((index) => itemKey(shorter, index))).toEqual(keys.slice(1));
    const longer = shorter.edit(new Map([[0, [Buffer.from('{"a":1}'), shorter.bytesAt(0)]]]));
    expect([0, 1, 2].map((index) => itemKey(longer, index))).toEqual([keys[1], keys[1], keys[2]]);
    const again = Conversation.of(
      requestOf({
        input: [
          { ...user('three'), id: 'm3' },
          { ...user('four'), id: 'm3' },
        ],
      }),
    )!;
    expect(itemKey(again, 0)).toBe(keys[2]);
    expect(itemKey(again, 1)).not.toBe(keys[2]);
    expect([longer.at(0), longer.at(2)]).toEqual([{ a: 1 }, { role: 'user', content: 'III' }]);
    const other = requestOf({ model: 'other', input: [] });
    expect(longer.writtenTo(other).json.toString()).toBe(
      `{"model":"other","input":[{"a":1},${JSON.stringify(user('two'))},{"role":"user","content":"III"}]}`,
    );
  });

  test('a plain string is one user message; a completion has no conversation', () => {
    const request = requestOf('{"model":"m","input":"hi"}');
    const conversation = Conversation.of(request)!;
    expect(conversation.at(0)).toEqual({ role: 'user', content: 'hi' });
    const edited = conversation.edit(new Map([[0, [{ role: 'user', content: 'ho' }]]]));
    expect(edited.writtenTo(request).json.toString()).toBe(
      '{"model":"m","input":[{"role":"user","content":"ho"}]}',
    );
    expect(Conversation.of(requestOf('{"model":"m","prompt":"hi"}', 'completions'))).toBeUndefined();
  });
});

describe('the newest user prompt', () => {
  test('is the last user message, past what Codex adds behind it [CMD-7]', () => {
    const prompt = promptOf([
      user('old'),
      user('/new prompt'),
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'hook' }] },
      { type: 'configuration_update', reasoning: { effort: 'low' } },
    ]);
    expect([prompt?.text, prompt?.index]).toEqual(['/new prompt', 1]);
  });

  test('is not there in a tool loop, nor where the last word is the client’s own [CMD-7]', () => {
    expect(
      promptOf([
        user('/x'),
        { type: 'function_call', call_id: 'c' },
        { type: 'function_call_output', call_id: 'c' },
      ]),
    ).toBeUndefined();
    expect(promptOf([user('# AGENTS.md instructions for /x', '<environment_context>…')])).toBeUndefined();
    expect(promptOf([{ type: 'compaction_trigger' }])).toBeUndefined();
    expect(
      promptOf(
        [
          {
            role: 'user',
            content: [
              { type: 'tool_result', content: '/x' },
              { type: 'text', text: '/x' },
            ],
          },
        ],
        'messages',
      ),
    ).toBeUndefined();
    expect(promptOf([{ role: 'tool', content: '/x' }], 'chat')).toBeUndefined();
  });

  test('comes with the skill that the user called as $name [CMD-6]', () => {
    const skill = '<skill>\n<name>hello</name>\n<path>/p/SKILL.md</path>\n---\nbody\n</skill>';
    const prompt = promptOf([user('$hello world'), user(skill)]);
    expect(prompt).toMatchObject({
      text: '$hello world',
      index: 0,
      skill: { name: 'hello', text: skill, index: 1 },
    });
  });

  test('another text takes its place; images and what else stands beside it stay', () => {
    const image = { type: 'input_image', image_url: 'data:' };
    const item = {
      type: 'message',
      id: 'msg_1',
      role: 'user',
      content: [image, { type: 'input_text', text: '/x' }],
    };
    expect(promptOf([item])?.withParts(texts('a', 'b'))).toEqual({
      ...item,
      content: [image, { type: 'input_text', text: 'a' }, { type: 'input_text', text: 'b' }],
    });
    const reminded = {
      role: 'user',
      content: [
        { type: 'text', text: '<system-reminder>x</system-reminder>' },
        { type: 'text', text: '/x', cache_control: { type: 'ephemeral' } },
      ],
    };
    expect(promptOf([reminded], 'messages')?.withParts(texts('a', 'b'))['content']).toEqual([
      reminded.content[0],
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', cache_control: { type: 'ephemeral' } },
    ]);
    expect(promptOf([{ role: 'user', content: 'hi' }], 'chat')?.withParts(texts('a'))).toEqual({
      role: 'user',
      content: [{ type: 'text', text: 'a' }],
    });
  });
});
