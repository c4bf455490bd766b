import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { objectIn } from '../../../middleware/kernel/json-object.ts';
import { composeWithChatgpt, type ComposedPair } from '../../support/compose-with-chatgpt.ts';
import { streams, type Step } from '../../support/fake-upstream/step.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: ComposedPair['upstream'];
let middleware: ComposedPair['middleware'];
let close: ComposedPair['close'];

beforeAll(async () => {
  ({ upstream, middleware, close } = await composeWithChatgpt());
});

afterAll(() => close());

const paths = ['/v1/responses', '/v1/chat/completions', '/v1/messages'] as const;
type Path = (typeof paths)[number];
const depths = [
  ['bytes', []],
  ['events', ['x-codex-plus-sentences', '1']],
] as const;

interface Told {
  readonly status: number;
  readonly text: string;
}

async function told(step: Step, path: Path, stream: boolean, headers: readonly string[] = []): Promise<Told> {
  upstream.use(() => step);
  const said = path === '/v1/responses' ? { input: 'hi' } : { messages: [{ role: 'user', content: 'hi' }] };
  const body = JSON.stringify({ model: 'gpt-5', stream, max_tokens: 9, ...said });
  const { status, body: answer } = await callRaw(middleware.port, { path, headers, body });
  return { status, text: answer.toString() };
}

function bytes(headers: readonly string[], ...pieces: readonly string[]): Step {
  return { kind: 'bytes', headers, pieces: pieces.map((piece) => Buffer.from(piece)) };
}

const event = (said: object): string => `data: ${JSON.stringify(said)}\n\n`;
const named = ({ type, ...said }: { readonly type: string }): string =>
  `event: ${type}\n${event({ type, ...said })}`;
const done = 'data: [DONE]\n\n';
const stop = named({ type: 'message_stop' });
const chunk = (delta: object, end: string | null = null): string =>
  event({ id: 'c', choices: [{ index: 0, delta, finish_reason: end }] });
const begun = {
  type: 'message_start',
  message: { id: 'm', type: 'message', role: 'assistant', content: [], usage: { output_tokens: 1 } },
};

const nothingSaid = 'the provider answered with nothing at all';
const empty = `${nothingSaid} (it was called for "gpt-5")`;
const ended = 'the answer of the provider ended before it was whole (it was called for "gpt-5")';

describe.each(depths)('an answer in which nothing is said (%s) [PX-1] [PX-4]', (_depth, headers) => {
  const cases: readonly (readonly [Path, string, string])[] = [
    ...paths.map((path) => [path, '', empty] as const),
    ...paths.map((path) => [path, ': waiting\n\n', empty] as const),
    ...paths.map((path) => [path, 'data:\n\n', empty] as const),
    ['/v1/chat/completions', done, empty],
    ['/v1/chat/completions', `: waiting\r\n\r\n${done}`, empty],
    ['/v1/chat/completions', chunk({ role: 'assistant', content: '' }) + done, ended],
    ['/v1/messages', stop, empty],
    [
      '/v1/messages',
      named({ type: 'ping' }) + stop,
      expect.stringMatching(/nothing at all|before it was whole/) as never,
    ],
    ['/v1/messages', named(begun) + stop, ended],
  ];

  test.each(cases)('is an error where it is a stream: %s %j', async (path, said, message) => {
    const late = streams([': hold on\n\n', ...framesOf(said)], { pauseMs: 5 });
    for (const sent of [streams(said === '' ? [] : [said]), late]) {
      const { status, text } = await told(sent, path, true, headers);
      expect(text).not.toMatch(/\[DONE\]|message_stop/);
      expect([200, 502]).toContain(status);
      expect(errorIn(text)).toMatchObject({ code: 'stream_incomplete', message });
    }
  });

  test.each(paths)(
    'is a 502 in the words of its API where the whole of it came with its head: %s',
    async (path) => {
      const type = path === '/v1/messages' ? 'api_error' : 'server_error';
      const steps = [
        [bytes(['content-type', 'text/event-stream', 'content-length', '0']), true],
        [bytes(['content-length', '0']), true],
        [bytes(['content-type', 'application/json', 'content-length', '0']), false],
        [bytes(['content-type', 'application/json'], ' \n', '\n'), false],
        [bytes([]), false],
        [bytes(['content-type', 'text/html']), false],
      ] as const;
      for (const [step, stream] of steps) {
        const { status, text } = await told(step, path, stream, headers);
        expect([status, JSON.parse(text)]).toMatchObject([
          502,
          { error: { type, code: 'stream_incomplete', message: empty } },
        ]);
      }
    },
  );
});

function framesOf(said: string): string[] {
  return said.split(/(?<=\n\r?\n)/);
}

/** The error that an answer is, or ends with. */
function errorIn(text: string): unknown {
  const last = text.split('\n').findLast((line) => line.includes('{')) ?? '';
  const said = objectIn(JSON.parse(last.replace(/^data: /, '')));
  return said['error'] ?? objectIn(said['response'])['error'];
}

describe('an answer without a text goes on as it came [PX-1]', () => {
  const usage = { input_tokens: 3, output_tokens: 0 };
  const response = { id: 'r', status: 'completed', output: [], usage };
  const cases: readonly (readonly [Path, string])[] = [
    ['/v1/chat/completions', chunk({}, 'stop') + done],
    ['/v1/chat/completions', chunk({ role: 'assistant', content: '' }) + chunk({}, 'stop')],
    ['/v1/chat/completions', event({ choices: [], usage: { completion_tokens: 0 } }) + done],
    ['/v1/chat/completions', chunk({ reasoning_content: 'hm' }) + done],
    ['/v1/chat/completions', event({ error: { message: 'nope', code: 'x' } })],
    ['/v1/chat/completions', event({ choices: [], error: { message: 'nope', code: 'x' } }) + done],
    [
      '/v1/messages',
      named(begun) +
        named({ type: 'ping' }) +
        named({ ...{ type: 'message_delta' }, ...{ delta: { stop_reason: 'end_turn' }, usage } }) +
        stop,
    ],
    [
      '/v1/messages',
      named({ ...begun, message: { ...begun.message, content: [{ type: 'text', text: 'a' }] } } as never) +
        stop,
    ],
    ['/v1/responses', named({ type: 'response.completed', response } as never)],
  ];

  test.each(cases)('of a stream: %s %j', async (path, said) => {
    expect(await told(streams([said]), path, true)).toEqual({ status: 200, text: said });
    expect(await told(streams(framesOf(said)), path, true)).toEqual({ status: 200, text: said });
    expect(await told(streams(Array.from(said)), path, true)).toEqual({ status: 200, text: said });
  });

  test.each([
    ['/v1/responses', response],
    ['/v1/chat/completions', { choices: [{ index: 0, message: { content: '' }, finish_reason: 'stop' }] }],
    ['/v1/messages', { type: 'message', content: [], stop_reason: 'end_turn', usage }],
  ] as const)('of a whole one: %s', async (path, answer) => {
    const text = ` ${JSON.stringify(answer)}`;
    const step = bytes(['content-type', 'application/json'], text);
    expect(await told(step, path, false)).toEqual({ status: 200, text });
  });
});

test('an empty answer of the ChatGPT backend is a 502 as well [PX-4]', async () => {
  const login = ['authorization', `Bearer ${madeUpJwt()}`];
  const step = bytes(['content-type', 'text/event-stream', 'content-length', '0']);
  const { status, text } = await told(step, '/v1/responses', true, login);
  expect([status, JSON.parse(text)]).toMatchObject([502, { error: { message: nothingSaid } }]);
});

test('a connection that breaks before the first event is told as that [PX-4]', async () => {
  const { text } = await told(streams([': waiting\n\n'], { then: 'reset' }), '/v1/chat/completions', true);
  expect(text).toContain('"error"');
  expect(text).not.toContain(nothingSaid);
});
