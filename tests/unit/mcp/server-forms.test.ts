import { describe, expect, test } from '@jest/globals';
import { formFields } from '../../../middleware/features/mcp/questions/form-field.ts';
import { checkContent, readForm } from '../../../middleware/features/mcp/questions/read-form.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';

function read(text: string, properties: JsonObject, required: readonly string[] = []): unknown {
  const reading = formFields({ type: 'object', properties, required });
  if (reading.kind === 'refused') throw new Error(reading.fault);
  const result = readForm(text, reading.fields);
  return result.kind === 'content' ? result.content : result.problems;
}

const options = [
  { const: 'r', title: 'Red' },
  { const: 'b', title: 'Blue' },
];

describe('what a user answers to a form', () => {
  test.each<[string, JsonObject, string, unknown]>([
    ['a text alone', { type: 'string' }, ' two words: here ', { a: 'two words: here' }],
    ['a text with its name', { type: 'string' }, 'a: word', { a: 'word' }],
    ['a text of several lines', { type: 'string' }, 'a: one\ntwo', { a: 'one\ntwo' }],
    ['a short text', { type: 'string', minLength: 3 }, '🙂🙂', ['a has to have at least 3 characters.']],
    ['a long text', { type: 'string', maxLength: 2 }, '🙂🙂', { a: '🙂🙂' }],
    ['no address', { type: 'string', format: 'email' }, 'me', ['a has to be an e-mail address.']],
    [
      'a day that is none',
      { type: 'string', format: 'date' },
      '2026-13-01',
      ['a has to be a day, like 2026-07-28.'],
    ],
    [
      'a day that its month has not',
      { type: 'string', format: 'date' },
      '2026-02-31',
      ['a has to be a day, like 2026-07-28.'],
    ],
    [
      'a moment of such a day',
      { type: 'string', format: 'date-time' },
      '2026-02-31T09:30:00Z',
      ['a has to be a moment, like 2026-07-28T09:30:00Z.'],
    ],
    ['a number', { type: 'number' }, '-1.5', { a: -1.5 }],
    ['no number', { type: 'number' }, '0x10', ['a has to be a number.']],
    ['no whole number', { type: 'integer' }, '1.5', ['a has to be a whole number.']],
    ['too much', { type: 'integer', maximum: 9 }, '10', ['a may be at most 9.']],
    ['a yes', { type: 'boolean' }, 'Y', { a: true }],
    ['neither', { type: 'boolean' }, 'maybe', ['a has to be yes or no.']],
    ['a choice', { type: 'string', enum: ['x', 'X'] }, 'X', { a: 'X' }],
    ['a choice by its title', { type: 'string', oneOf: options }, 'blue', { a: 'b' }],
    ['a choice by its older title', { type: 'string', enum: ['r'], enumNames: ['Red'] }, 'red', { a: 'r' }],
    ['no choice', { type: 'string', oneOf: options }, 'green', ['a has to be one of those that are named.']],
    ['several', { type: 'array', items: { anyOf: options } }, 'Red, b', { a: ['r', 'b'] }],
    [
      'too many',
      { type: 'array', items: { anyOf: options }, maxItems: 1 },
      'r, b',
      ['a may be at most 1 of them.'],
    ],
    ['what stands there', { type: 'string', default: 'x' }, 'accept', { a: 'x' }],
    ['a word that is no leave to leave it empty', { type: 'string' }, 'accept', { a: 'accept' }],
  ])('%s [MCP-2]', (_, schema, text, expected) => {
    expect(read(text, { a: schema }, ['a'])).toEqual(expected);
  });

  const two = { name: { type: 'string' }, age: { type: 'integer', default: 7 } };

  test('several fields have a line each, in any order; one that is missing has its default [MCP-2]', () => {
    expect(read('AGE: 8\n\n`name`: Jo', two, ['name'])).toEqual({ name: 'Jo', age: 8 });
    expect(read('name: Jo', two, ['name'])).toEqual({ name: 'Jo', age: 7 });
    expect(read('age: x', two, ['name'])).toEqual(['name is missing.', 'age has to be a whole number.']);
    expect(read('Jo', two, ['name'])).toEqual(['Write a line `field: value` for each field.']);
    expect(read('accept', two)).toEqual({ age: 7 });
  });

  test('a field that there is not is asked about without what was written, and is no part of the text before it [MCP-2]', () => {
    const form = { name: { type: 'string' }, email: { type: 'string' } };
    expect(read('name: Jo\nemial: a@b.c', form)).toEqual([
      'Line 2 is for no field of it. Begin a line with a blank where it belongs to the text before it.',
    ]);
    expect(read('name: Jo\n ps: hi\nhttp://x', form)).toEqual({ name: 'Jo\n ps: hi\nhttp://x' });
  });

  test.each<[string, unknown]>([
    ['an object', { type: 'object', properties: {} }],
    ['a list of anything', { type: 'array', items: { type: 'string' } }],
    ['a choice that hides something', { type: 'string', enum: ['a\u202e'] }],
    ['a choice of nothing', { type: 'string', enum: [] }],
    ['no schema', 'string'],
  ])('a form with %s is none [MCP-2]', (_, schema) => {
    expect(formFields({ type: 'object', properties: { a: schema } }).kind).toBe('refused');
  });

  test('a default that does not fit is none [MCP-2]', () => {
    expect(read('accept', { a: { type: 'string', enum: ['x'], default: 'y' } })).toEqual({});
    expect(read('accept', { a: { type: 'integer', default: '7' } })).toEqual({});
  });
});

describe('what a program answers to a form', () => {
  const check = (given: JsonObject, properties: JsonObject): unknown => {
    const reading = formFields({ type: 'object', properties, required: Object.keys(properties) });
    if (reading.kind === 'refused') throw new Error(reading.fault);
    const result = checkContent(given, reading.fields);
    return result.kind === 'content' ? result.content : result.problems;
  };

  test.each<[string, JsonObject, unknown, unknown]>([
    ['a text', { type: 'string' }, '5', { a: '5' }],
    ['an empty text', { type: 'string' }, '', { a: '' }],
    ['no text', { type: 'string' }, 5, ['a has to be a text.']],
    ['a short text', { type: 'string', minLength: 3 }, 'ab', ['a has to have at least 3 characters.']],
    ['a number', { type: 'integer' }, 5, { a: 5 }],
    ['no whole number', { type: 'integer' }, 5.5, ['a has to be a whole number.']],
    ['a number as a text', { type: 'number' }, '5', ['a has to be a number.']],
    ['too much', { type: 'integer', maximum: 9 }, 10, ['a may be at most 9.']],
    ['a yes', { type: 'boolean' }, true, { a: true }],
    ['a yes as a text', { type: 'boolean' }, 'yes', ['a has to be true or false.']],
    ['a choice', { type: 'string', oneOf: options }, 'b', { a: 'b' }],
    [
      'a choice by its title',
      { type: 'string', oneOf: options },
      'Blue',
      ['a has to be one of those that are named.'],
    ],
    ['several', { type: 'array', items: { anyOf: options } }, ['r', 'b'], { a: ['r', 'b'] }],
    [
      'several of which one is none',
      { type: 'array', items: { anyOf: options } },
      ['r', {}],
      ['a has to be some of those that are named, with commas between them.'],
    ],
    ['nothing where a value stands there', { type: 'string', default: 'x' }, undefined, { a: 'x' }],
    ['nothing', { type: 'string' }, undefined, ['a is missing.']],
  ])('%s [MCP-2] [HK-1]', (_, schema, value, expected) => {
    expect(check(value === undefined ? {} : { a: value }, { a: schema })).toEqual(expected);
  });

  test('a field that there is not is no answer [MCP-2] [HK-1]', () => {
    expect(check({ a: 'x', b: 'y' }, { a: { type: 'string' } })).toEqual(['There is no field b.']);
  });
});
