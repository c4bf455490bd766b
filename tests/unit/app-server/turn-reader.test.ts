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

test('a text is said once, also where a thought comes in its midst [API-1]', () => {
  const thought: Told = ['item/reasoning/summaryTextDelta', { itemId: 't', delta: 'Hm.' }];
  const whole = said('a', 'Hello world');
  const cut = readAll([delta('a', 'Hello '), thought, delta('a', 'world'), whole, completed]);
  expect(textOf(cut).replaceAll('\n', '')).toBe('Hello world');
  const before = readAll([delta('a', 'Hello world'), thought, whole, completed]);
  expect(textOf(before)).toBe('Hello world');
});

test('a text is said once, in whatever pieces it came [API-1]', () => {
  expect(textOf(readAll([delta('a', 'Hel'), delta('a', 'lo'), said('a', 'Hello'), completed]))).toBe('Hello');
  expect(textOf(readAll([delta('a', 'Hel'), said('a', 'Hello'), completed]))).toBe('Hello');
  expect(textOf(readAll([said('a', 'Hello'), completed]))).toBe('Hello');
});

const began = (id: string): Told => ['item/started', { item: { type: 'agentMessage', id, text: '' } }];

test('a text is said once also where its item has another id at its end [API-2]', () => {
  const told = [began('a'), delta('a', 'Hel'), delta('a', 'lo'), said('z', 'Hello'), completed];
  expect(textOf(readAll(told))).toBe('Hello');
  const twice = [began('a'), delta('a', 'Hello'), said('z', 'Hello'), began('b'), delta('b', 'Hello')];
  expect(textOf(readAll([...twice, said('y', 'Hello'), completed]))).toBe('Hello\n\nHello');
});

test('a thought is told once also where its item has another id at its end [API-2]', () => {
  const events = readAll([
    ['item/started', { item: { type: 'reasoning', id: 'a' } }],
    ['item/reasoning/summaryTextDelta', { itemId: 'a', delta: 'I think.' }],
    ['item/completed', { item: { type: 'reasoning', id: 'z', summary: ['I think.'] } }],
    completed,
  ]);
  expect(events.map(({ kind }) => kind)).toEqual(['reasoning', 'reasoning-end', 'end']);
});

test('two messages that both came in no piece are both said [API-2]', () => {
  expect(textOf(readAll([began('a'), began('b'), said('a', 'One'), said('b', 'Two'), completed]))).toBe(
    'One\n\nTwo',
  );
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

const ofThread = (inputTokens: number, outputTokens: number): Told => [
  'thread/tokenUsage/updated',
  { tokenUsage: { total: { inputTokens, outputTokens }, last: { inputTokens: 1, outputTokens: 1 } } },
];

test('what its thread used is what it used, and not counted beside its rounds [API-2]', () => {
  const both = readAll([responded(10), ofThread(10, 2), responded(20), ofThread(30, 4), completed]);
  expect(both.at(-1)).toMatchObject({ usage: { inputTokens: 30, outputTokens: 4 } });
  const alone = readAll([responded(10), ofThread(30, 4), completed]);
  expect(alone.at(-1)).toMatchObject({ usage: { inputTokens: 30, outputTokens: 4 } });
  expect(readAll([ofThread(0, 0), completed]).at(-1)).toMatchObject({ usage: undefined });
});

test('what is told of its usage behind its end counts as well [API-2]', () => {
  const turn = reader();
  readAll([delta('a', 'Hello')], turn);
  turn.stop();
  readAll([responded(10)], turn);
  expect(turn.usage).toMatchObject({ inputTokens: 10, outputTokens: 2 });
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

test('a call that is not whole fails the answer, as with any other provider, with what was used [API-1]', () => {
  const events = readAll([called('a', '{}'), called('b', '{"city": "B'), responded(1)]);
  expect(events).toEqual([
    {
      kind: 'failed',
      failure: expect.objectContaining({ message: 'a call of the model is not whole' }),
      usage: expect.objectContaining({ inputTokens: 1, outputTokens: 2 }),
    },
  ]);
});

test('what a model wrote as no JSON is given letter by letter [API-1]', () => {
  const events = readAll([called('a', 'Rome'), responded(1)]);
  expect(events.slice(1)).toMatchObject([
    { kind: 'call-input', delta: 'Rome' },
    { kind: 'call-end', isObject: false },
    { kind: 'end', reason: 'calls' },
  ]);
});

test('a call of Codex itself is none of the client [API-1]', () => {
  const events = readAll([called('a', '{}', 'exec_command'), responded(1), completed]);
  expect(events.map(({ kind }) => kind)).toEqual(['end']);
});

test('two calls of one id are both given, each by an id of its own [API-1]', () => {
  const turn = reader();
  const told = [called('same', '{"city":"A"}'), called('same', '{"city":"B"}')];
  expect(readAll(told, turn)).toEqual([]);
  turn.noteToolCall({ turnId, callId: 'same', tool: 'weather', arguments: { city: 'B' } });
  turn.noteToolCall({ turnId, callId: 'same', tool: 'weather', arguments: { city: 'A' } });
  const events = readAll([responded(1)], turn);
  const inputs = events.flatMap((event) => (event.kind === 'call-input' ? [event.delta] : []));
  expect(inputs).toEqual(['{"city":"A"}', '{"city":"B"}']);
  const ids = events.flatMap((event) => (event.kind === 'call-begin' ? [event.callId] : []));
  expect(new Set(ids).size).toBe(2);
});

test.each([
  ['max_output_tokens', 'limit'],
  ['content_filter', 'filtered'],
])('an answer that the provider cut off for %s ends as one [API-2]', (reason, told) => {
  const error = { message: `Incomplete response returned, reason: ${reason}`, codexErrorInfo: 'other' };
  const turn = { id: turnId, status: 'failed', error };
  const events = readAll([delta('a', 'partial'), said('a', 'partial'), ['turn/completed', { turn }]]);
  expect(textOf(events)).toBe('partial');
  expect(events.at(-1)).toEqual({ kind: 'end', reason: told, usage: undefined });
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
  [{ responseTooManyFailedAttempts: { httpStatusCode: 400 } }, 'wrong', 'invalid', 'wrong'],
])('a turn that failed with %j says so [API-1]', (codexErrorInfo, message, kind, told) => {
  const [event] = readAll([
    ['turn/completed', { turn: { status: 'failed', error: { message, codexErrorInfo } } }],
  ]);
  expect(event).toMatchObject({ kind: 'failed', failure: { kind, message: told } });
});

const keyRefused = 'provider_key_refused';
test.each([
  ['unauthorized', 'no login', keyRefused],
  [
    { responseStreamConnectionFailed: { httpStatusCode: 401 } },
    'unexpected status 401 Unauthorized: bad',
    keyRefused,
  ],
  ['other', 'unexpected status 401 Unauthorized: bad', keyRefused],
  ['badRequest', '{"error":{"message":"bad","code":"invalid_api_key"}}', keyRefused],
  ['badRequest', '{"error":{"message":"no key in XAI_API_KEY","code":"provider_key_refused"}}', keyRefused],
  [
    { httpConnectionFailed: { httpStatusCode: 403 } },
    'unexpected status 403 Forbidden: your API key has no rights',
    keyRefused,
  ],
  [
    { httpConnectionFailed: { httpStatusCode: 403 } },
    'unexpected status 403 Forbidden: country not supported',
    'forbidden_by_provider',
  ],
  ['other', 'unexpected status 403 Forbidden', 'forbidden_by_provider'],
])(
  'a key of Codex that is refused with %j and %s is no fault of its caller [API-3]',
  (codexErrorInfo, message, code) => {
    const error = { message, codexErrorInfo };
    const [event] = readAll([['turn/completed', { turn: { id: turnId, status: 'failed', error } }]]);
    expect(event).toMatchObject({ kind: 'failed', failure: { kind: 'invalid', code } });
  },
);

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
