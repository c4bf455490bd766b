import { describe, expect, test } from '@jest/globals';
import { answerThrough, boundedAnswer } from '../../../middleware/features/mcp/bounded-answer.ts';
import { withinBounds } from '../../../middleware/features/mcp/transport/within-bounds.ts';

/** What a server sends, and what it hears of whoever reads it. */
interface Source {
  readonly body: ReadableStream<Uint8Array>;
  readonly asked: () => number;
  readonly left: unknown[];
}

/** Sends the same piece whenever it is asked for one. */
function endless(piece: string): Source {
  let asked = 0;
  const left: unknown[] = [];
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        asked += 1;
        controller.enqueue(Buffer.from(piece));
      },
      cancel: (reason) => {
        left.push(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return { body, asked: () => asked, left };
}

function bounded(type: string, { body }: Source): Promise<Response> {
  const answer = new Response(body, { headers: { 'content-type': type } });
  return Promise.resolve(
    withinBounds(() => Promise.resolve(answer), { now: () => 0, onCut: () => undefined })('http://server/'),
  );
}

describe.each(['text/event-stream', 'text/plain'])('an answer of type %s', (type) => {
  test('is asked for no faster than it is read [MCP-5]', async () => {
    const source = endless('data: 1\n\n');
    const reader = (await bounded(type, source)).body?.getReader();
    expect(source.asked()).toBe(0);
    await reader?.read();
    await reader?.read();
    expect(source.asked()).toBe(2);
    await reader?.cancel('enough');
    expect(source.left).toEqual(['enough']);
  });

  test('is left by whoever waits for more of it [MCP-5]', async () => {
    const left: unknown[] = [];
    const body = new ReadableStream<Uint8Array>({ cancel: (reason) => void left.push(reason) });
    const reader = (await bounded(type, { body, asked: () => 0, left })).body?.getReader();
    const waits = reader?.read();
    await reader?.cancel('enough');
    expect([await waits, left]).toEqual([{ done: true, value: undefined }, ['enough']]);
  });

  test('that breaks is told as it broke [MCP-5]', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.error(new Error('the line is dead'));
      },
    });
    const answer = await bounded(type, { body, asked: () => 0, left: [] });
    await expect(answer.text()).rejects.toThrow('the line is dead');
  });
});

test.each(['text/event-stream', 'text/plain', 'application/json'])(
  'an answer of type %s without an end is broken off, and its server hears of it [MCP-5]',
  async (type) => {
    const source = endless('x'.repeat(1024 * 1024));
    const why = 'it sent more than 10485760 bytes at once';
    await expect((await bounded(type, source)).text()).rejects.toThrow(why);
    expect(source.left).toEqual([expect.objectContaining({ message: why })]);
    expect(source.asked()).toBe(11);
  },
);

test('an answer keeps its status, its headers and its address [MCP-5]', () => {
  const given = new Response('x', { status: 201, statusText: 'Made', headers: { 'x-a': 'b' } });
  const { status, statusText, headers, url } = boundedAnswer(given, 10);
  expect([status, statusText, headers.get('x-a'), url]).toEqual([201, 'Made', 'b', given.url]);
  const empty = new Response(null, { status: 204 });
  expect(boundedAnswer(empty, 10)).toBe(empty);
});

test('what is passed on between two pieces is read at once, and nothing behind its end [MCP-5]', async () => {
  const piece = Promise.withResolvers<undefined>();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await piece.promise;
      controller.enqueue(Buffer.from('piece '));
      controller.close();
    },
  });
  let passes: ((bytes: Buffer) => void) | undefined;
  const over: string[] = [];
  const answer = answerThrough(new Response(body), (pass) => {
    passes = pass;
    return {
      take: (bytes) => bytes,
      end: () => Buffer.from('end'),
      leave: () => over.push('left'),
    };
  });
  const reader = answer.body?.getReader();
  const first = reader?.read();
  passes?.(Buffer.from('between '));
  expect(String(Buffer.from((await first)?.value ?? []))).toBe('between ');
  expect(over).toEqual([]);
  piece.resolve(undefined);
  const rest: string[] = [];
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read())
    rest.push(Buffer.from(read.value).toString());
  expect([rest, over]).toEqual([['piece ', 'end'], ['left']]);
});
