import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status, streams, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw, headerOf, openRaw, readAnswer } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url, { CODEX_PLUS_KEEPALIVE_MS: '100' });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.use(() => says('hello'));
});

const inSentences = ['x-codex-plus-sentences', '1'];
const body = '{"model":"gpt-5","stream":true,"input":"hi"}';
const end = 'data: {"type":"response.completed","response":{"id":"r"}}\n\n';

function ask(
  step: Step,
  headers: readonly string[] = [],
  path = '/v1/responses',
  text = body,
): ReturnType<typeof callRaw> {
  upstream.use(() => step);
  return callRaw(middleware.port, { path, headers: [...inSentences, ...headers], body: text });
}

function delta(text: string): string {
  return `data: {"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":${JSON.stringify(text)}}\n\n`;
}

/** The pieces of text that the client gets, in order. */
function pieces(answer: Buffer): string[] {
  return [...answer.toString().matchAll(/"delta":("(?:[^"\\]|\\.)*")/g)].map(
    ([, json = '""']) => JSON.parse(json) as string,
  );
}

describe('an answer that a filter wants', () => {
  test('frames that the filter leaves alone are written byte for byte, whatever their line ends, cut at every byte [PX-2]', async () => {
    const whole =
      ': a comment\r\n\r\nevent: x\r\ndata:{"type":"x","text":"ä\u2028"}\r\n\r\nid: 1\rdata: odd\r\r' +
      end +
      'data: [DONE]\n\n: rest without a blank line\n';
    const bytes = Buffer.from(whole);
    for (let at = 1; at < bytes.length; at += 3) {
      const answer = await ask(streams([bytes.subarray(0, at), bytes.subarray(at)]));
      expect(answer.body.toString()).toBe(whole);
    }
  });

  test('is asked for without an encoding, and refused when it has one all the same [PX-2]', async () => {
    await ask(says('hello'), ['accept-encoding', 'gzip']);
    expect(headerOf(upstream.requests.at(-1)!.rawHeaders, 'accept-encoding')).toBe('identity');
    expect(headerOf(upstream.requests.at(-1)!.rawHeaders, 'x-codex-plus-sentences')).toBeUndefined();
    const answer = await ask({
      kind: 'bytes',
      headers: ['content-type', 'text/event-stream', 'content-encoding', 'gzip'],
      pieces: [Buffer.from('x')],
    });
    expect([answer.status, answer.body.toString()]).toEqual([
      502,
      expect.stringContaining('upstream_unreadable'),
    ]);
  });

  test('an error of the upstream and an answer that is no stream come through as they are [PX-4]', async () => {
    const refused = await ask(status(429, { error: { message: 'slow' } }, ['retry-after', '3']));
    expect([refused.status, refused.body.toString(), headerOf(refused.headers, 'retry-after')]).toEqual([
      429,
      '{"error":{"message":"slow"}}',
      '3',
    ]);
    const odd = '{ "id":"r" ,"output":[] , "usage":{"input_tokens":3,"output_tokens":4}}';
    const answer = await ask({
      kind: 'bytes',
      headers: ['content-type', 'application/json', 'content-length', String(odd.length)],
      pieces: [Buffer.from(odd)],
    });
    expect(answer.body.toString()).toBe(odd);
    expect(headerOf(answer.headers, 'content-length')).toBe(String(odd.length));
    await until(() => middleware.lines.at(-1)?.['outputTokens'] === 4);
  });

  test('a stream that breaks ends with the error of its API, also inside a frame [PX-4]', async () => {
    for (const [pieceList, then] of [
      [[delta('Hi. ')], 'reset'],
      [[delta('Hi. ')], 'end'],
      [[delta('Hi. '), 'data: {"half'], 'reset'],
      [[], 'end'],
    ] as const) {
      const answer = await ask(streams([...pieceList, ': c\n\n'], { then }));
      expect(answer.isWhole).toBe(true);
      expect(answer.body.toString()).toContain('"type":"response.failed"');
      expect(answer.body.toString()).toContain('stream_incomplete');
    }
  });

  test('keepalives go out between its frames [PX-5]', async () => {
    const { body: answer } = await ask(streams([delta('Hi. '), end], { pauseMs: 350 }));
    expect(answer.toString().split(': keepalive\n\n').length).toBeGreaterThan(2);
    expect(answer.toString().replaceAll(': keepalive\n\n', '')).toBe(delta('Hi. ') + end);
  });

  test('a client that leaves ends the upstream call [PX-4]', async () => {
    upstream.use(() => streams([delta('Hi. ')], { then: 'silence' }));
    const socket = await openRaw(middleware.port, { path: '/v1/responses', headers: inSentences, body });
    await once(socket, 'data');
    socket.destroy();
    expect(await upstream.requests.at(-1)!.closed).toBe(true);
    await until(() => middleware.lines.at(-1)?.['ending'] === 'client-left');
  });

  test('10,000 events at once wait at the upstream for a slow reader, and arrive whole [PX-2]', async () => {
    const frame = `data: {"type":"response.reasoning_text.delta","delta":"${'x'.repeat(2_000)}"}\n\n`;
    upstream.use(() => streams([...Array.from({ length: 10_000 }, () => frame), end]));
    const socket = await openRaw(middleware.port, {
      path: '/v1/responses',
      headers: [...inSentences, 'x-no-keepalive', '1'],
      body,
    });
    await once(socket, 'readable');
    const heldBytes = process.memoryUsage().arrayBuffers;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(process.memoryUsage().arrayBuffers - heldBytes).toBeLessThan(15_000_000);
    const answer = await readAnswer(socket);
    expect([answer.isWhole, answer.body.length]).toEqual([true, frame.length * 10_000 + end.length]);
  });
});

describe('text in whole sentences', () => {
  test('is streamed sentence by sentence, no letter lost, in every API [PX-9]', async () => {
    const text = 'Dr. Müller came. Did he? Yes!\nA list:\n- one\n- two, unfinished';
    const chat = (content: string): string =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
    const message = (words: string): string =>
      `event: content_block_delta\ndata: ${JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: words } })}\n\n`;
    for (const [path, frame, last, member] of [
      ['/v1/responses', delta, end, 'delta'],
      [
        '/v1/chat/completions',
        chat,
        'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
        'content',
      ],
      ['/v1/messages', message, 'event: message_stop\ndata: {"type":"message_stop"}\n\n', 'text'],
    ] as const) {
      const answer = await ask(streams([...Array.from(text, (letter) => frame(letter)), last]), [], path);
      const found = [
        ...answer.body.toString().matchAll(new RegExp(`"${member}":("(?:[^"\\\\]|\\\\.)*")`, 'g')),
      ].map(([, json = '""']) => JSON.parse(json) as string);
      expect(found.join('')).toBe(text);
      expect(found.slice(-4)).toEqual(['Yes!\n', 'A list:\n', '- one\n', '- two, unfinished']);
      expect(found).toContain('Did he? ');
      expect(answer.body.toString().endsWith(last)).toBe(true);
    }
  });

  test('other events between two pieces flush what waits, in order [PX-9]', async () => {
    const done = 'data: {"type":"response.output_text.done","text":"Half a"}\n\n';
    const answer = await ask(streams([delta('Half'), delta(' a'), done, delta('Next. '), end]));
    expect(pieces(answer.body)).toEqual(['Half a', 'Next. ']);
    expect(answer.body.indexOf('Half a')).toBeLessThan(answer.body.indexOf('output_text.done'));
  });

  test('without the header and the setting, the pieces stay as the model made them [PX-9]', async () => {
    const whole = delta('Half') + delta(' a') + end;
    upstream.use(() => streams([whole]));
    const answer = await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(answer.body.toString()).toBe(whole);
  });
});
