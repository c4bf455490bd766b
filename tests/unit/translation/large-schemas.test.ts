import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { enforcedSchema } from '../../../middleware/protocol/apis/messages/translation/schemas/enforced-schema.ts';
import { withTakenMembers } from '../../../middleware/protocol/apis/messages/translation/schemas/taken-members.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { fitsStrict } from '../../../middleware/protocol/translation/schemas/fits-strict.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const providers = [
  ['Chat Completions', chatProvider, plainChat({})],
  ['Messages', messagesProvider, claude({})],
  ['Responses', responsesProvider, openai({})],
] as const;

const text = { type: 'string' };
const closed = { type: 'object', additionalProperties: false };
const byName = (size: number, made: (index: number) => readonly [string, unknown]): JsonObject =>
  Object.fromEntries(Array.from({ length: size }, (_, index) => made(index)));
const referring = (index: number, size: number): JsonObject =>
  index === size - 1
    ? text
    : { ...closed, properties: { n: { $ref: `#/$defs/d${index + 1}` } }, required: ['n'] };

const schemas: Readonly<Record<string, (size: number) => JsonObject>> = {
  'a chain of definitions, each of the next': (size) => ({
    ...{ ...closed, properties: { a: { $ref: '#/$defs/d0' } }, required: ['a'] },
    $defs: byName(size, (index) => [`d${index}`, referring(index, size)]),
  }),
  'references from many places to one definition': (size) => ({
    ...{ ...closed, properties: byName(size, (index) => [`m${index}`, { $ref: '#/$defs/a' }]) },
    ...{ $defs: { a: text }, required: [] },
  }),
};

describe('[RT-4] the work for a schema grows with its size, and no faster', () => {
  for (const [what, schemaOf] of Object.entries(schemas))
    for (const [name, provider, traits] of providers)
      test(`${what}, for a provider of ${name}`, () =>
        growsLinearly(
          (size) => {
            const schema = schemaOf(size);
            return {
              ...{ model: 'm', input: 'go' },
              text: { format: { type: 'json_schema', name: 'n', strict: true, schema } },
              tools: [{ type: 'function', name: 'f', parameters: schema }],
            };
          },
          (body) => translateRequest(body, { client: responsesClient, provider }, traits),
          1_500,
        ));
});

const required = (name: string, size: number): JsonObject => {
  const properties = byName(size, (index) => [`${name}${index}`, text]);
  return { ...closed, properties, required: Object.keys(properties).toReversed() };
};

test('[RT-4] so does a look at members that all have to be there', () =>
  growsLinearly((size) => required('m', size), fitsStrict, 2_000, 32));

test('[RT-4] so do words for members that all have to be there, and that Claude does not take', () =>
  growsLinearly(
    (size) => ({ name: 'f', description: '', parameters: required('ü', size) }),
    withTakenMembers,
    2_000,
    32,
  ));

describe('[RT-4] a schema that Claude enforces', () => {
  const root = { ...closed, properties: { a: { $ref: '#/$defs/a' } }, required: ['a'] };
  const toB = { ...closed, properties: { b: { $ref: '#/$defs/b' }, c: { $ref: '#/$defs/b' } } };

  test('may refer to one definition by several ways', () => {
    const schema = { ...root, $defs: { a: toB, b: { $ref: '#/definitions/c' } }, definitions: { c: text } };
    expect(enforcedSchema(schema)).toEqual({ schema, isWhole: true });
  });

  test.each([
    ['two definitions of each other', { a: toB, b: { $ref: '#/$defs/a' } }],
    ['one of itself that nothing refers to', { a: text, b: { $ref: '#/$defs/b' } }],
    ['one of the whole', { a: text, b: { $ref: '#' } }],
    ['one of what stands elsewhere', { a: { $ref: 'other.json' } }],
    ['one of a member', { a: text, b: { $ref: '#/properties/a' } }],
    ['one within a definition', { a: text, 'a/x': text, b: { $ref: '#/$defs/a/x' } }],
  ])('has no form for %s', (_what, $defs) => {
    expect(enforcedSchema({ ...root, $defs })).toEqual({ schema: undefined, isWhole: false });
  });
});
