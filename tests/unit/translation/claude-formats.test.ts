import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { askedOf, says } from '../../support/strict/asked-of-claude.ts';

describe('[RT-4] the form of an answer', () => {
  const formatted = (format: JsonObject): JsonObject => askedOf([says('go')], { text: { format } });
  const schemaOf = (schema: JsonObject): JsonObject =>
    formatted({ type: 'json_schema', name: 'n', schema, strict: true });
  const text = { type: 'string' };

  test('any object: is asked for in words', () => {
    const { system, output_config } = formatted({ type: 'json_object' });
    expect(JSON.stringify(system)).toContain('one JSON object');
    expect(output_config).not.toHaveProperty('format');
  });

  test('a schema: its objects take no other members, and nothing has to be said', () => {
    const inner = { type: 'object', properties: { word: text } };
    const { system, output_config } = schemaOf({ type: 'object', properties: { inner } });
    const closed = { ...inner, additionalProperties: false };
    const schema = { type: 'object', properties: { inner: closed }, additionalProperties: false };
    expect(output_config).toMatchObject({ format: { type: 'json_schema', schema } });
    expect(system).toBeUndefined();
  });

  test.each([
    [{ type: 'integer', minimum: 1, maximum: 9, multipleOf: 2 }, { type: 'integer' }],
    [{ type: 'string', minLength: 1, pattern: '^(?=a)' }, text],
    [
      { type: 'string', pattern: '^[a-z]+$', maxLength: 9 },
      { type: 'string', pattern: '^[a-z]+$' },
    ],
    [
      { type: 'array', minItems: 2, maxItems: 3, items: text },
      { type: 'array', items: text },
    ],
  ])('%j: what Claude does not enforce is said', (given, enforced) => {
    const { system, output_config } = schemaOf({ type: 'object', properties: { given } });
    const schema = { type: 'object', properties: { given: enforced }, additionalProperties: false };
    expect(output_config).toEqual(expect.objectContaining({ format: { type: 'json_schema', schema } }));
    expect(JSON.stringify(system)).toContain(JSON.stringify(JSON.stringify(given)).slice(1, -1));
  });

  test.each([
    { type: 'object', additionalProperties: text },
    { type: 'object', properties: { a: { allOf: [text] } } },
    { type: 'object', properties: { next: { $ref: '#' } } },
    {
      type: 'object',
      properties: { a: { $ref: '#/$defs/a' } },
      $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } },
    },
  ])('%j: what has no form there is said alone', (schema) => {
    const { system, output_config } = schemaOf(schema);
    expect(output_config).not.toHaveProperty('format');
    expect(JSON.stringify(system)).toContain('JSON schema');
  });
});
