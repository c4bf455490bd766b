import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { TurnReader } from '../../../middleware/protocol/app-server/turn-reader.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { CallIds } from '../../../middleware/protocol/translation/call-id.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';

const turnId = 'turn-1';

type Told = readonly [method: string, params: JsonObject];

function reader(takesSeveral = true): TurnReader {
  const names = new ToolNames([
    { kind: 'function', namespace: undefined, name: 'weather' },
    { kind: 'custom', namespace: undefined, name: 'patch' },
  ]);
  const offered = new Set(['weather', 'patch']);
  const turn = new TurnReader({ names, callIds: new CallIds([]), offered, takesSeveral });
  turn.noteTurn({ id: turnId });
  return turn;
}

function readAll(told: readonly Told[], from = reader()): readonly AnswerEvent[] {
  return told
    .flatMap(([method, params]) => from.read(method, { turnId, ...params }))
    .filter(({ kind }) => kind !== 'begin');
}

const delta = (itemId: string, text: string): Told => ['item/agentMessage/delta', { itemId, delta: text }];
const said = (id: string, text: string): Told => [
  'item/completed',
  { item: { type: 'agentMessage', id, text } },
];
const called = (id: string, input: string, name = 'weather'): Told => [
  'rawResponseItem/completed',
  { item: { type: 'function_call', call_id: id, name, arguments: input } },
];
const responded = (inputTokens: number): Told => [
  'rawResponse/completed',
  {
    usage: {
      inputTokens,
      cachedInputTokens: 1,
      cacheWriteInputTokens: 0,
      outputTokens: 2,
      reasoningOutputTokens: 1,
    },
  },
];
const completed: Told = ['turn/completed', { turn: { id: turnId, status: 'completed', error: null } }];

function textOf(events: readonly AnswerEvent[]): string {
  return events.map((event) => (event.kind === 'text' ? event.delta : '')).join('');
}

test('a text is said once, in whatever pieces it came [API-1]', () => {
  expect(textOf(readAll([delta('a', 'Hel'), delta('a', 'lo'), said('a', 'Hello'), completed]))).toBe('Hello');
  expect(textOf(readAll([delta('a', 'Hel'), said('a', 'Hello'), completed]))).toBe('Hello');
  expect(textOf(readAll([said('a', 'Hello'), completed]))).toBe('Hello');
});

test('messages between which Codex ran something are told apart [API-1]', () => {
  const events = readAll([
    delta('a', 'I look.'),
    said('a', 'I look.'),
    delta('b', 'Done.'),
    said('b', 'Done.'),
    completed,
  ]);
  expect(textOf(events)).toBe('I look.\n\nDone.');
});

test('what all rounds of a turn used is its usage [API-1]', () => {
  const events = readAll([responded(10), responded(20), completed]);
  expect(events.at(-1)).toMatchObject({
    ...{ kind: 'end', reason: 'stop' },
    usage: { inputTokens: 30, cachedInputTokens: 2, outputTokens: 4, reasoningTokens: 2 },
  });
});

test('without an account of the provider there is no usage [API-1]', () => {
  expect(readAll([completed]).at(-1)).toEqual({ kind: 'end', reason: 'stop', usage: undefined });
});

test('calls are given in the order and the letters of the model, once its response has ended [API-1]', () => {
  const turn = reader();
  turn.noteToolCall({ turnId, callId: 'b', tool: 'weather', arguments: { city: 'B' } });
  const events = readAll([called('a', '{"city":  "A"}'), called('b', '{"city":  "B"}'), responded(1)], turn);
  expect(events.filter(({ kind }) => kind === 'call-input')).toEqual([
    { kind: 'call-input', delta: '{"city":  "A"}' },
    { kind: 'call-input', delta: '{"city":  "B"}' },
  ]);
  expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'calls' });
  expect(turn.isOver).toBe(true);
});

test('a call that comes behind its response, from within a script of the model, ends the answer as well [API-1]', () => {
  const turn = reader();
  readAll([responded(1)], turn);
  turn.noteToolCall({ turnId, callId: 'a', tool: 'weather', arguments: { city: 'A' } });
  expect(turn.endWithCalls().map(({ kind }) => kind)).toEqual([
    ...['begin', 'call-begin', 'call-input', 'call-end', 'end'],
  ]);
});

test('of a client that takes one call at a time, one is given [API-1]', () => {
  const turn = reader(false);
  turn.noteToolCall({ turnId, callId: 'a', tool: 'weather', arguments: {} });
  const events = readAll([called('a', '{}'), called('b', '{}'), responded(1)], turn);
  expect(events.filter(({ kind }) => kind === 'call-begin')).toHaveLength(1);
});

test('a call that is not whole is cut, and one of Codex itself is none of the client [API-1]', () => {
  const events = readAll([called('a', '{"city": "B'), called('b', '{}', 'exec_command'), responded(1)]);
  expect(events.map(({ kind }) => kind)).toEqual(['call-begin', 'call-cut', 'end']);
});

test('calls of the history, which are told as those of another turn, are none of the answer [API-1]', () => {
  const [method, params] = called('old', '{"city":"A"}');
  const injected: Told = [method, { turnId: 'auto-compact-0', ...params }];
  const turn = reader();
  turn.noteToolCall({ turnId: 'auto-compact-0', callId: 'older', tool: 'weather', arguments: {} });
  const events = readAll([injected, delta('a', 'Sunny.'), injected, responded(1), completed], turn);
  expect(events.map(({ kind }) => kind)).toEqual(['text', 'text-end', 'end']);
});

test('a call that Codex runs itself is none of the client, whatever it is named [API-1]', () => {
  const events = readAll([
    called('a', '{}'),
    responded(1),
    ['item/started', { item: { type: 'commandExecution', id: 'a' } }],
    ['rawResponseItem/completed', { item: { type: 'function_call_output', call_id: 'a', output: 'ran' } }],
    said('b', 'Done.'),
    completed,
  ]);
  expect(events.map(({ kind }) => kind)).toEqual(['text', 'text-end', 'end']);
});

test('a call of a tool in a group of Codex is none of the client [API-1]', () => {
  const item = { type: 'function_call', call_id: 'a', namespace: 'web', name: 'weather', arguments: '{' };
  const events = readAll([['rawResponseItem/completed', { item }], responded(1), completed]);
  expect(events.map(({ kind }) => kind)).toEqual(['end']);
});

test('a call is given once Codex leaves it to the client, also behind its response [API-1]', () => {
  const turn = reader();
  expect(readAll([called('a', '{"city":  "A"}'), responded(1)], turn)).toEqual([]);
  turn.noteToolCall({ turnId, callId: 'a', tool: 'weather', arguments: { city: 'A' } });
  expect(turn.endWithCalls()).toContainEqual({ kind: 'call-input', delta: '{"city":  "A"}' });
});

test.each([
  ['contextWindowExceeded', 'too long', 'context-length', 'too long'],
  ['usageLimitExceeded', 'no more', 'quota', 'no more'],
  ['serverOverloaded', 'busy', 'overloaded', 'busy'],
  ['other', '{"error":{"message":"no such field"}}', 'invalid', 'no such field'],
  [{ responseTooManyFailedAttempts: { httpStatusCode: 429 } }, 'slow down', 'rate-limit', 'slow down'],
  ['internalServerError', 'broken', 'failed', 'broken'],
])('a turn that failed with %j says so [API-1]', (codexErrorInfo, message, kind, told) => {
  const [event] = readAll([
    ['turn/completed', { turn: { status: 'failed', error: { message, codexErrorInfo } } }],
  ]);
  expect(event).toMatchObject({ kind: 'failed', failure: { kind, message: told } });
});

test.each([
  [
    'unexpected status 401 Unauthorized: no such key, url: http://127.0.0.1:9/v1/responses, request id: req_1',
  ],
  ['stream disconnected before completion: error sending request for url (http://127.0.0.1:9/v1/responses)'],
])('where Codex called its provider is not told: %s [API-3]', (message) => {
  const error = { message, codexErrorInfo: 'unauthorized' };
  const [event] = readAll([['turn/completed', { turn: { id: turnId, status: 'failed', error } }]]);
  const { failure } = event as Extract<AnswerEvent, { kind: 'failed' }>;
  expect(failure.message).toMatch(/Unauthorized: no such key, request id: req_1$|error sending request$/);
});

test('whatever is told is read without a fault, and ends once [API-1]', () => {
  const turn = reader();
  const odd: Told[] = [
    ['item/completed', { item: 7 }],
    ['item/agentMessage/delta', { itemId: 1, delta: null }],
    ['rawResponse/completed', { usage: 'none' }],
    ['turn/completed', {}],
    delta('a', 'late'),
  ];
  expect(readAll(odd, turn).map(({ kind }) => kind)).toEqual(['failed']);
});
