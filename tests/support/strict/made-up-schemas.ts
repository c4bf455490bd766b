import type { JsonObject } from '../../../middleware/kernel/json-object.ts';

const text = { type: 'string' };

/** Schemas of tools as servers of MCP and SDKs have them, each with something that a provider refuses. */
export const oddParameters: readonly JsonObject[] = [
  {
    type: 'object',
    properties: { $filter: text, 'filter[id]': text, ok: text },
    required: ['$filter', 'ok'],
  },
  { anyOf: [{ type: 'object', properties: { a: text }, required: ['a'] }, { type: 'object' }] },
  { type: 'object', oneOf: [{ properties: { list: { type: 'array' } } }], not: { required: ['b'] } },
  { allOf: [{ $ref: '#/$defs/one' }], $defs: { one: { type: 'object', properties: { '@id': text } } } },
  { $ref: '#/definitions/Tree', definitions: { Tree: { type: 'object', properties: { '': text } } } },
  {
    type: 'object',
    properties: { deep: { type: 'object', properties: { 'a b': { type: ['array', 'null'] } } } },
  },
  { type: 'object', enum: [{}], additionalProperties: { type: 'array' } },
];

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
