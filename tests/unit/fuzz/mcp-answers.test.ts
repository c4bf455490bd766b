import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withinBounds } from '../../../middleware/features/mcp/transport/within-bounds.ts';
import { SseCutter } from '../../../middleware/protocol/sse/sse-cutter.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import { holds } from '../../support/fuzz.ts';

/** What a server writes, and where its pieces are cut. */
const cuts = fc.array(fc.nat(4_000), { maxLength: 12 });
const values = fc.array(fc.oneof(fc.integer(), fc.string({ maxLength: 5 })), { maxLength: 150 });
const nested = fc.integer({ min: 1, max: 130 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth));
const message = fc.oneof(
  fc.record({ jsonrpc: fc.constant('2.0'), id: fc.nat(9), result: fc.record({ content: values }) }),
  fc.record({ jsonrpc: fc.constant('2.0'), method: fc.constant('notifications/progress'), params: values }),
  fc.record({ jsonrpc: fc.constant('2.0'), id: fc.nat(9), method: fc.constant('ping'), params: values }),
  values,
);
const json = fc.oneof(
  message.map((one) => JSON.stringify(one)),
  nested.map((deep) => `{"jsonrpc":"2.0","id":1,"result":{"content":[],"a":${deep}}}`),
  nested.map((deep) => `{"jsonrpc":"2.0","method":"notifications/x","params":${deep}}`),
  fc.string({ maxLength: 20 }),
);
const changed = fc.constant('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
const data = fc.oneof(json, changed).map((text) => text.replaceAll(/[\r\n]/g, ' '));
const line = fc.oneof(
  data.map((text) => `data: ${text}`),
  fc.constantFrom(
    ': comment',
    'event: message',
    'id: 7',
    'retry: 5',
    'data',
    '\ufeffdata: 1',
    'nothing',
    '\u2028',
  ),
);
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const frame = fc.tuple(
  fc.array(fc.tuple(line, lineEnd), { maxLength: 4 }),
  lineEnd,
  fc.integer({ min: 1, max: 3 }),
);
const stream = fc
  .tuple(fc.array(frame, { maxLength: 12 }), fc.oneof(line, fc.constant('')))
  .map(
    ([frames, rest]) =>
      frames
        .map(([lines, end, times]) => (lines.map((parts) => parts.join('')).join('') + end).repeat(times))
        .join('') + rest,
  );

function pieces(bytes: Buffer, at: readonly number[]): readonly Buffer[] {
  const ends = [...at.filter((end) => end < bytes.length), bytes.length].sort((one, other) => one - other);
  return ends
    .map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
    .filter(({ length }) => length > 0);
}

/** An answer in pieces, each when it is asked for. */
function answerIn(given: readonly Buffer[], type: string): Response {
  const left = [...given];
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = left.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
  return new Response(body, { headers: { 'content-type': type } });
}

/** What is read of an answer, or how it broke off, and which lists were cut. */
interface Read {
  readonly text: unknown;
  readonly cut: readonly string[];
}

/** Reads it. */
async function read(given: readonly Buffer[], type: string): Promise<Read> {
  const cut: string[] = [];
  const fetchFrom = (): Promise<Response> => Promise.resolve(answerIn(given, type));
  const bounded = withinBounds(fetchFrom, { now: () => 0, onCut: (list) => cut.push(list) });
  const text = await (await bounded('http://server/')).arrayBuffer().then(
    (bytes) => Buffer.from(bytes).toString(),
    (error: unknown) => error,
  );
  return { text, cut };
}

/** What its reader is told: a line feed of a line end in two pieces, whose event was left out, is none of it. */
function told({ text, cut }: Read): unknown {
  if (typeof text !== 'string') return { text, cut };
  const events: unknown[] = [];
  const onFrame = (raw: Buffer): void => {
    const { event, data } = parseFrame(raw);
    if (data !== undefined) events.push({ event, data });
  };
  const cutter = new SseCutter();
  cutter.feed(Buffer.from(text), onFrame);
  return { events, rest: String(cutter.rest()).trim(), cut };
}

test.each([
  ['text/event-stream', stream],
  ['application/json', json],
  ['text/html', stream],
])(
  'what is read of an answer of type %s does not depend on where its pieces are cut [MCP-5]',
  async (type, any) => {
    await holds([any, cuts], async (text, at) => {
      const bytes = Buffer.from(text);
      expect(told(await read(pieces(bytes, at), type))).toEqual(told(await read([bytes], type)));
    });
  },
);

test('what is read of events that were ended is what came, where nothing has too much in it [MCP-5]', async () => {
  const few = fc.array(fc.tuple(fc.constantFrom('a: 1', ': c', 'data: {"id":1}', 'id: 3'), lineEnd), {
    maxLength: 15,
  });
  await holds([few, cuts], async (lines, at) => {
    const text = `${lines.map((parts) => parts.join('')).join('')}\n\n`;
    const given = pieces(Buffer.from(text), at);
    expect(await read(given, 'text/event-stream')).toEqual({ text, cut: [] });
  });
});
