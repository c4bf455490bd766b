import type { JsonObject } from '../../../middleware/kernel/json-object.ts';

const text = { type: 'string' };

interface OddSchema {
  readonly schema: JsonObject;
  /** The members that a model may write, as somebody reads them who knows JSON Schema. */
  readonly members: readonly string[];
}

const [ofA, ofB] = [{ properties: { a: text } }, { properties: { b: text } }];

/** Schemas of tools as servers of MCP and SDKs have them, each with something that a provider refuses, or that is easily lost. */
const odd: readonly OddSchema[] = [
  {
    members: ['$filter', 'filter[id]', 'ok'],
    schema: {
      type: 'object',
      properties: { $filter: text, 'filter[id]': text, ok: text },
      required: ['$filter', 'ok'],
    },
  },
  {
    members: ['a'],
    schema: { anyOf: [{ type: 'object', properties: { a: text }, required: ['a'] }, { type: 'object' }] },
  },
  {
    members: ['list'],
    schema: {
      type: 'object',
      oneOf: [{ properties: { list: { type: 'array' } } }],
      not: { required: ['b'] },
    },
  },
  {
    members: ['@id'],
    schema: {
      allOf: [{ $ref: '#/$defs/one' }],
      $defs: { one: { type: 'object', properties: { '@id': text } } },
    },
  },
  {
    members: [''],
    schema: {
      $ref: '#/definitions/Tree',
      definitions: { Tree: { type: 'object', properties: { '': text } } },
    },
  },
  {
    members: ['deep'],
    schema: {
      type: 'object',
      properties: { deep: { type: 'object', properties: { 'a b': { type: ['array', 'null'] } } } },
    },
  },
  { members: [], schema: { type: 'object', enum: [{}], additionalProperties: { type: 'array' } } },
  {
    members: ['a', 'b'],
    schema: {
      type: 'object',
      anyOf: [{ $ref: '#/$defs/one' }, { $ref: '#/$defs/other' }],
      $defs: { one: ofA, other: ofB },
    },
  },
  {
    members: ['own', 'a', 'b'],
    schema: {
      ...{ $ref: '#/$defs/one', properties: { own: text } },
      $defs: { one: { allOf: [{ $ref: '#/$defs/other' }], ...ofA }, other: { oneOf: [ofB] } },
    },
  },
  {
    members: ['a', 'b'],
    schema: {
      ...{ oneOf: [{ $ref: '#/definitions/a~1b/anyOf/0' }, { $ref: '#/definitions/with%20space' }] },
      definitions: { 'a/b': { anyOf: [ofA] }, 'with space': { ...ofB, allOf: [{ $ref: '#' }] } },
    },
  },
];

/** Tools with these are named by `oddName`, by which their members are known. */
export const oddParameters: readonly JsonObject[] = odd.map(({ schema }) => schema);

export const oddName = (index: number): string => `odd_${index}`;

/** The members that a tool of this name is to have; none of any other. */
export function membersOfOdd(name: unknown): readonly string[] {
  return odd.find((_each, index) => oddName(index) === name)?.members ?? [];
}

const closed = { type: 'object', additionalProperties: false };

/** Schemas that an answer is to have, of which each provider enforces other ones. */
export const oddFormats: readonly JsonObject[] = [
  { type: 'object' },
  { type: 'object', properties: { count: { type: 'integer', minimum: 1, maximum: 9 } } },
  {
    type: 'object',
    properties: { list: { type: 'array', maxItems: 3, items: { $ref: '#/$defs/one' } } },
    $defs: {
      one: { oneOf: [{ type: 'object', properties: { word: { type: 'string' } } }, { type: 'null' }] },
    },
  },
  { ...closed, properties: { minimum: text, maxLength: text }, required: ['minimum', 'maxLength'] },
  { ...closed, properties: { at: { type: 'string', format: 'iri' }, to: { type: 'string', minLength: 2 } } },
  { ...closed, properties: { all: { type: 'array', minItems: 2, uniqueItems: true, items: text } } },
  { ...closed, properties: { next: { $ref: '#' } }, required: ['next'] },
  { ...closed, properties: { map: { type: 'object', patternProperties: { '^x': text } } } },
  { ...closed, properties: { other: { $ref: 'https://schemas.example/other.json' } }, required: ['other'] },
  { anyOf: [{ ...closed, properties: { a: text }, required: ['a'] }, { type: 'null' }] },
];
