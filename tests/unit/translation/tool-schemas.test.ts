import { describe, expect, test } from '@jest/globals';
import { objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { objectSchema } from '../../../middleware/protocol/translation/schemas/object-schema.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';
import { faultsOfInputSchema, faultsOfParameters } from '../../support/strict/schema-rules.ts';

const text = { type: 'string' };

function sent(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
  const ofMessages = {
    ...{ model: 'm', max_tokens: 99, messages: [{ role: 'user', content: 'go' }] },
    tools: [{ name: 'look', input_schema: schema }],
  };
  const ofResponses = {
    ...{ model: 'm', input: 'go' },
    tools: [{ type: 'function', name: 'look', parameters: schema }],
  };
  const toOpenai = { client: messagesClient, provider: responsesProvider };
  const toChat = { client: messagesClient, provider: chatProvider };
  const toClaude = { client: responsesClient, provider: messagesProvider };
  const [openais] = objectsIn(translateRequest(ofMessages, toOpenai, openai({})).body['tools']);
  const [chats] = objectsIn(translateRequest(ofMessages, toChat, plainChat({})).body['tools']);
  const [claudes] = objectsIn(translateRequest(ofResponses, toClaude, claude({})).body['tools']);
  return [
    ['openai', objectIn(openais?.['parameters'])],
    ['chat', objectIn(objectIn(chats?.['function'])['parameters'])],
    ['claude', objectIn(claudes?.['input_schema'])],
  ];
}

describe('[RT-4] the schema of a tool', () => {
  test.each<JsonObject>([
    {},
    { type: 'object' },
    { anyOf: [{ required: ['a'] }, { required: ['b'] }], type: 'object', properties: { a: text, b: text } },
    { oneOf: [{ type: 'object', properties: { a: { type: 'array' } } }, { $ref: '#/$defs/b' }] },
    { type: 'object', enum: [{}], not: { required: ['a'] } },
    { type: 'object', properties: { a: { type: ['array', 'null'] } } },
    { type: 'object', properties: { a: { anyOf: [{ type: 'array' }, text] } } },
    { type: 'object', properties: { a: { type: 'array', items: { type: 'array' } } } },
    { type: 'object', properties: { a: { type: 'object', additionalProperties: { type: 'array' } } } },
    { type: 'object', $defs: { a: { type: 'array', prefixItems: [{ type: 'array' }] } }, properties: {} },
  ])('%j is one that no provider refuses', (schema) => {
    for (const [, written] of sent(schema))
      expect([...faultsOfParameters(written, ''), ...faultsOfInputSchema(written, '')]).toEqual([]);
  });

  test.each<JsonObject>([
    { type: 'object', properties: { a: text, items: { type: 'array', items: text } }, required: ['a'] },
    {
      type: 'object',
      properties: { enum: { enum: ['a'] }, anyOf: { anyOf: [text] } },
      additionalProperties: false,
    },
  ])('%j stays as it is', (schema) => {
    for (const [, written] of sent(schema)) expect(JSON.stringify(written)).toBe(JSON.stringify(schema));
  });

  test('has the members of its choices, and asks for what all of its parts ask for', () => {
    const one = { type: 'object', properties: { a: text, b: text }, required: ['a'] };
    const other = { type: 'object', properties: { b: { type: 'number' }, c: text }, required: ['b'] };
    for (const [, written] of sent({ anyOf: [one, other] }))
      expect(written).toEqual({ type: 'object', properties: { a: text, b: text, c: text } });
    for (const [, written] of sent({ allOf: [one, other], required: ['c'] }))
      expect(written).toEqual({
        type: 'object',
        properties: { a: text, b: text, c: text },
        required: ['c', 'a', 'b'],
      });
  });

  test.each(['$defs', 'definitions'])('has the members of what it refers to as a whole in %s', (group) => {
    const tree = {
      type: 'object',
      properties: { a: text, next: { $ref: `#/${group}/Tree` } },
      required: ['a'],
    };
    const schema = { $ref: `#/${group}/Tree`, [group]: { Tree: tree } };
    for (const [, written] of sent(schema)) expect(written).toEqual({ ...tree, [group]: { Tree: tree } });
    for (const [, written] of sent({ $ref: '#/elsewhere/Tree' }))
      expect(written).toEqual({ type: 'object', properties: {} });
  });

  test.each<readonly [JsonObject, JsonObject]>([
    [
      { anyOf: [{ $ref: '#/$defs/Move' }, { $ref: '#/$defs/Copy' }] },
      { properties: { from: text, to: text, all: text } },
    ],
    [
      { oneOf: [{ allOf: [{ $ref: '#/$defs/Move' }] }], required: ['from'] },
      { properties: { from: text, to: text }, required: ['from'] },
    ],
    [{ $ref: '#/$defs/Whole' }, { properties: { to: text, from: text, all: text }, required: ['to', 'all'] }],
    [
      { allOf: [{ $ref: '#/$defs/Whole/allOf/0' }] },
      { properties: { to: text, all: text }, required: ['all'] },
    ],
    [{ $ref: '#/$defs/Loop' }, { properties: { a: text } }],
    [{ $ref: '#' }, { properties: {} }],
    [{ anyOf: [{ $ref: '#Move' }, { $ref: 'https://schemas.example/#/$defs/Move' }] }, { properties: {} }],
    [{ $ref: '#/$defs/%E0%A4%A' }, { properties: {} }],
    [{ $ref: '#/$defs/Move/properties/constructor' }, { properties: {} }],
  ])('has the members of %j, and asks for what all of them ask for', (parts, members) => {
    const $defs = {
      Move: { type: 'object', properties: { from: text, to: text }, required: ['from'] },
      Copy: { type: 'object', properties: { to: text, all: text }, required: ['all'] },
      Whole: {
        ...{ allOf: [{ $ref: '#/$defs/Copy' }, { anyOf: [{ $ref: '#/$defs/Move' }] }] },
        ...{ required: ['to'], properties: { to: text, from: text } },
      },
      Loop: { allOf: [{ $ref: '#/$defs/Loop' }, { $ref: '#/$defs/Back' }] },
      Back: { properties: { a: text }, allOf: [{ $ref: '#/$defs/Loop' }, { $ref: '#' }] },
    };
    for (const [, written] of sent({ type: 'object', ...parts, $defs }))
      expect(written).toEqual({ type: 'object', ...members, $defs });
  });

  test('is written in a time that grows with its length, whatever refers to what', async () => {
    const chained = (size: number): JsonObject => {
      const next = (index: number): JsonObject => ({ $ref: `#/$defs/${index + 1}` });
      const definitions = Array.from({ length: size }, (_each, index) => [
        String(index),
        { anyOf: [next(index), next(index)], allOf: [next(index), next(index)] },
      ]);
      return { ...next(-1), $defs: Object.fromEntries(definitions) as JsonObject };
    };
    await growsLinearly(chained, objectSchema, 500);
    await growsLinearly(
      (size) => ({ ...chained(size), anyOf: Array<JsonObject>(size).fill({ $ref: '#/$defs/0' }) }),
      objectSchema,
      500,
    );
  });

  test.each(['$filter', 'filter[id]', 'a b', '', 'x'.repeat(65)])(
    'tells Claude in words of the member %j',
    (name) => {
      const schema = {
        ...{ type: 'object', properties: { [name]: { type: 'string', title: 'T' }, 'a.b-c_1': text } },
        ...{ required: [name, 'a.b-c_1'], additionalProperties: false },
      };
      const body = {
        model: 'm',
        input: 'go',
        tools: [{ type: 'function', name: 'look', parameters: schema }],
      };
      const sides = { client: responsesClient, provider: messagesProvider };
      const [tool] = objectsIn(translateRequest(body, sides, claude({})).body['tools']);
      expect(tool?.['input_schema']).toEqual({
        ...{ type: 'object', properties: { 'a.b-c_1': text }, required: ['a.b-c_1'] },
      });
      const said = `has to have the member ${JSON.stringify(name)}`;
      expect(tool?.['description']).toEqual(expect.stringContaining(said));
      expect(tool?.['description']).toEqual(expect.stringContaining('"title":"T"'));
    },
  );
});

test('[RT-4] Claude takes members of other names below the top', () => {
  const inner = { type: 'object', properties: { $filter: text, 'a b': text } };
  const schema = { type: 'object', properties: { query: inner, all: { type: 'array', items: inner } } };
  expect(Object.fromEntries(sent(schema))['claude']).toEqual(schema);
});

test.each([
  [['\n'], undefined],
  [['\n', ' END'], [' END']],
  [[' \t', ''], undefined],
])('[RT-4] of %j, sequences that end an answer, Claude gets those that it takes', (stop, taken) => {
  const body = { model: 'm', messages: [{ role: 'user', content: 'go' }], stop };
  const sides = { client: chatClient, provider: messagesProvider };
  expect(translateRequest(body, sides, claude({})).body['stop_sequences']).toEqual(taken);
});

const closed = { type: 'object', properties: { a: text }, required: ['a'], additionalProperties: false };

describe('[RT-4] the form of an answer that a client of Claude asks for is strict where OpenAI takes it so', () => {
  const within = (inner: JsonObject): JsonObject => ({ ...closed, properties: { a: inner } });

  test.each<readonly [boolean, JsonObject]>([
    [true, closed],
    [true, within({ type: 'array', items: closed })],
    [true, within({ anyOf: [{ type: 'null' }, { $ref: '#/$defs/b' }] })],
    [true, { ...within({ enum: ['x', 1] }), $defs: { b: closed } }],
    [false, { ...closed, required: [] }],
    [false, { ...closed, additionalProperties: undefined }],
    [false, { type: 'object', properties: { a: text }, required: ['a'] }],
    [false, within({ ...closed, required: [] })],
    [false, within({ type: 'array', items: { ...closed, required: [] } })],
    [false, within({ type: 'array' })],
    [false, within({ anyOf: [text, { type: 'object' }] })],
    [false, within({ allOf: [text] })],
    [false, within({ oneOf: [text] })],
    [false, within({})],
    [false, within({ type: 'string', format: 'uri' })],
    [false, within({ type: 'string', default: 'x' })],
    [false, { ...closed, $defs: { b: { type: 'object' } } }],
    [false, { anyOf: [closed] }],
    [false, { type: 'array', items: closed }],
  ])('%s: %j', (strict, schema) => {
    const body = {
      ...{ model: 'm', max_tokens: 99, messages: [{ role: 'user', content: 'go' }] },
      output_config: { format: { type: 'json_schema', schema } },
    };
    const toOpenai = { client: messagesClient, provider: responsesProvider };
    const toChat = { client: messagesClient, provider: chatProvider };
    expect(translateRequest(body, toOpenai, openai({})).body['text']).toMatchObject({
      format: { schema, strict },
    });
    expect(translateRequest(body, toChat, plainChat({})).body['response_format']).toMatchObject({
      json_schema: { schema, strict },
    });
  });
});
