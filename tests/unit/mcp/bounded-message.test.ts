import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import {
  boundedText,
  leftOutOf,
  readMessage,
} from '../../../middleware/features/mcp/transport/bounded-message.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

const many = <Part>(count: number, part: Part): readonly Part[] => Array.from({ length: count }, () => part);
const fields = (count: number, field: unknown): JsonObject =>
  Object.fromEntries(many(count, field).map((one, at) => [`f${at}`, one]));
const nested = (levels: number): unknown =>
  JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;
const text = { type: 'text', text: '' };
const tooMuch = (what: string): object => ({
  error: { code: -32603, message: expect.stringContaining(`answered has ${what}`) as unknown },
});

/** What is read of an answer with such a result, and which lists are told to be cut. */
function read(result: JsonObject): {
  readonly message: JsonObject | undefined;
  readonly cut: readonly string[];
} {
  const cut: string[] = [];
  const line = JSON.stringify({ jsonrpc: '2.0', id: 7, result });
  const message = readMessage(line, (list) => cut.push(list));
  const other = boundedText(line, () => undefined);
  expect(other === undefined ? undefined : JSON.parse(other)).toEqual(message);
  return { message, cut };
}

describe('an answer of a server', () => {
  test('with as many parts as anybody reads is the same [MCP-5]', () => {
    const result = { content: many(1_000, text), structuredContent: { numbers: many(19_000, 1) } };
    expect(read(result)).toEqual({ message: { jsonrpc: '2.0', id: 7, result }, cut: [] });
  });

  test.each([
    ['content', text],
    ['messages', { role: 'user', content: text }],
  ])('with more %s is cut, and says so [MCP-5]', (name, part) => {
    const { message } = read({ [name]: many(10_000, part) });
    const parts = (message?.['result'] as Record<string, readonly JsonObject[]>)[name];
    expect(parts).toHaveLength(1_001);
    expect(JSON.stringify(parts?.at(-1))).toContain('[OUTPUT TRUNCATED - more than 1000 parts]');
  });

  test.each(['content', 'messages', 'tools', 'prompts', 'resources', 'resourceTemplates'])(
    'with many %s that are wrong has one of them, which tells what is wrong [MCP-5]',
    (name) => {
      const wrong = { type: 'nothing of the kind' };
      expect(read({ [name]: many(900, wrong) }).message?.['result']).toEqual({ [name]: [wrong] });
    },
  );

  test.each([
    ['tools', { name: 'a', inputSchema: { type: 'object' } }],
    ['prompts', { name: 'a' }],
    ['resources', { name: 'a', uri: 'note://a' }],
    ['resourceTemplates', { name: 'a', uriTemplate: 'note://{a}' }],
  ])('with more %s is cut, and told [MCP-5]', (name, item) => {
    const { message, cut } = read({ [name]: many(10_000, item) });
    expect(message?.['result']).toEqual({ [name]: many(1_000, item) });
    expect(cut).toEqual([name]);
  });

  test('with an entry of a list that nobody could read has all others [MCP-5]', () => {
    const prompts = [{ name: 'a' }, { name: 'b', arguments: many(20_000, { name: 'x' }) }, { name: 'c' }];
    const { message, cut } = read({ prompts });
    expect(message?.['result']).toEqual({ prompts: [{ name: 'a' }, { name: 'c' }] });
    expect(cut).toEqual(['prompts']);
  });

  test('with more completions than the protocol has is cut [MCP-5]', () => {
    expect(read({ completion: { values: many(5_000, 'a') } }).message?.['result']).toEqual({
      completion: { values: many(100, 'a'), hasMore: true },
    });
  });

  test('with more structured values is an error without them [MCP-5]', () => {
    const { message } = read({ content: [text], structuredContent: { all: many(50_000, {}) } });
    expect(message?.['result']).toEqual({
      content: [text, { type: 'text', text: expect.stringContaining('more than 20000 values') as unknown }],
      isError: true,
    });
  });

  test('with structured values that are nested too deep is an error without them [MCP-5]', () => {
    const message = (levels: number): unknown =>
      read({ content: [text], structuredContent: { a: nested(levels - 1) } }).message?.['result'];
    expect(message(90)).toMatchObject({ structuredContent: {} });
    expect(message(91)).toEqual({
      content: [text, { type: 'text', text: expect.stringContaining('more than 90 levels') as unknown }],
      isError: true,
    });
  });

  test('with an entry of a list that is nested too deep has all others [MCP-5]', () => {
    const prompts = [{ name: 'a' }, { name: 'b', arguments: [nested(1_500)] }];
    const { message, cut } = read({ prompts });
    expect(message?.['result']).toEqual({ prompts: [{ name: 'a' }] });
    expect(cut).toEqual(['prompts']);
  });

  test.each([
    ['more than 100 levels of nesting', { _meta: { a: nested(98) }, b: many(99, 1) }],
    ['more than 100 levels of nesting', { _meta: { a: nested(1_500) } }],
    ['more than 1000 contents', { contents: many(2_000, { uri: 'a', text: '' }) }],
    ['more than 20000 values', { content: [], _meta: { all: many(30_000, 1) } }],
    ['more than 20000 values', { content: [{ ...text, annotations: many(30_000, 1) }] }],
    ['more than 150000 values', { content: many(100_000, text) }],
    [
      'more than 20 questions',
      { inputRequests: Object.fromEntries(many(30, {}).map((_, at) => [at, { params: many(9, 1) }])) },
    ],
    [
      'a form of more than 100 fields',
      {
        inputRequests: {
          a: { params: { requestedSchema: { properties: fields(101, 0) } } },
          b: many(200, 1),
        },
      },
    ],
    ['a question of more than 2000 values', { inputRequests: { a: { params: many(3_000, 1) } } }],
  ])('with %s is an error that says so [MCP-5]', (what, result) => {
    expect(read(result as JsonObject).message).toEqual({ jsonrpc: '2.0', id: 7, ...tooMuch(what) });
  });
});

test('an error of a server with too much in it has its words alone [MCP-5]', () => {
  const error = { code: 1, message: 'no' };
  const line = JSON.stringify({ jsonrpc: '2.0', id: 'a', error: { ...error, data: many(30_000, 1) } });
  expect(readMessage(line, () => undefined)).toEqual({ jsonrpc: '2.0', id: 'a', error });
});

test.each([3_000, 200_000])(
  'what a server asks with %i values in it is refused by its form [MCP-5]',
  (count) => {
    const line = JSON.stringify({
      jsonrpc: '2.0',
      id: '"x',
      method: 'ping',
      params: { all: many(count, 1) },
    });
    expect(readMessage(line, () => undefined)).toEqual({
      jsonrpc: '2.0',
      id: '"x',
      method: 'ping',
      params: {},
    });
  },
);

test('a form of a server with more fields than anybody fills in is put to nobody, and the rest of its message is as it is [MCP-5]', () => {
  const asking = (count: number): JsonObject => ({
    ...{ jsonrpc: '2.0', id: 1, method: 'elicitation/create' },
    params: {
      ...{ message: 'Who?', _meta: { a: 1 } },
      requestedSchema: { type: 'object', properties: fields(count, { type: 'no', title: 1 }) },
    },
  });
  const readForm = (count: number): JsonObject | undefined =>
    readMessage(JSON.stringify(asking(count)), () => undefined);
  expect(readForm(100)).toEqual(asking(100));
  const left = readForm(101);
  expect(left).toMatchObject({ id: 1, method: 'elicitation/create', params: { message: '' } });
  expect(leftOutOf(left?.['params'] as JsonObject)).toBe('a form of more than 100 fields');
  expect(leftOutOf(asking(100)['params'] as JsonObject)).toBeUndefined();
});

test.each([30_000, 200_000])('news of a server with %i values in them are left out [MCP-5]', (count) => {
  const line = JSON.stringify({ jsonrpc: '2.0', method: 'news', params: { id: 1, all: many(count, 1) } });
  expect(readMessage(line, () => undefined)).toBeUndefined();
  expect(boundedText(line, () => undefined)).toBeUndefined();
});

test('an answer is known where its id stands behind its body, and names are in it [MCP-5]', () => {
  const result = { id: 1, method: 'a', said: '"id": 2, "method": "\\"', all: many(200_000, 1) };
  const line = JSON.stringify({ result, id: 'last', jsonrpc: '2.0' });
  expect(readMessage(line, () => undefined)).toMatchObject({
    id: 'last',
    ...tooMuch('more than 150000 values'),
  });
});

test('JSON that is no message stays as it is [MCP-5]', () => {
  const given = JSON.stringify({ keys: many(30_000, { a: 1 }) });
  expect(boundedText(given, () => undefined)).toBe(given);
  const batch = JSON.stringify([{ jsonrpc: '2.0', id: 1, result: { contents: many(2_000, {}) } }, { a: 1 }]);
  expect(JSON.parse(boundedText(batch, () => undefined) ?? '')).toMatchObject([
    { id: 1, ...tooMuch('more than 1000 contents') },
    { a: 1 },
  ]);
});

test.each([
  ['blocks', (count: number) => ({ content: many(count, text) })],
  ['blocks that are wrong', (count: number) => ({ content: many(count, {}) })],
  [
    'names',
    (count: number) => ({ structuredContent: Object.fromEntries(many(count, 'a').map((_, at) => [at, 1])) }),
  ],
  ['escapes', (count: number) => ({ content: [{ ...text, text: '\\"'.repeat(count) }] })],
] as const)(
  'the time for an answer with many %s grows no faster than they do [MCP-5]',
  async (_, resultOf) => {
    await growsLinearly(
      (count) => JSON.stringify({ jsonrpc: '2.0', id: 1, result: resultOf(count) }),
      (line) => readMessage(line, () => undefined),
      4_000,
      4,
    );
  },
);
