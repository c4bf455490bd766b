import { describe, expect, test } from '@jest/globals';
import { SseCutter } from '../../../middleware/protocol/sse/sse-cutter.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';

function cut(chunks: readonly Buffer[]): { frames: Buffer[]; rest: Buffer } {
  const cutter = new SseCutter();
  const frames: Buffer[] = [];
  for (const chunk of chunks) cutter.feed(chunk, (raw) => frames.push(raw));
  return { frames, rest: cutter.rest() };
}

const stream =
  'event: a\ndata: {"text":"ä\u2028ö"}\n\n' +
  ': keepalive\n\n' +
  'data:no space\ndata: second line\n\n' +
  'data: [DONE]\n\n';

describe('SseCutter', () => {
  for (const [name, text] of [
    ['LF', stream],
    ['CRLF', stream.replaceAll('\n', '\r\n')],
    ['CR', stream.replaceAll('\n', '\r')],
  ] as const) {
    test(`a stream with ${name} line ends, cut at every byte, gives the same frames and loses no byte [PX-2]`, () => {
      const bytes = Buffer.from(text);
      const whole = cut([bytes])
        .frames.map((raw) => parseFrame(raw))
        .map(({ event, data }) => ({ event, data }));
      expect(whole).toEqual([
        { event: 'a', data: '{"text":"ä\u2028ö"}' },
        { event: undefined, data: undefined },
        { event: undefined, data: 'no space\nsecond line' },
        { event: undefined, data: '[DONE]' },
      ]);
      for (let at = 1; at < bytes.length; at += 1) {
        const { frames, rest } = cut([bytes.subarray(0, at), bytes.subarray(at)]);
        expect(Buffer.concat([...frames, rest])).toEqual(bytes);
        expect(frames.map((raw) => parseFrame(raw)).map(({ event, data }) => ({ event, data }))).toEqual(
          whole,
        );
      }
    });
  }

  test('a stream that comes byte by byte gives the same frames', () => {
    const bytes = Buffer.from(stream.replaceAll('\n', '\r\n'));
    const single = [...bytes].map((byte) => Buffer.from([byte]));
    expect(cut(single).frames.length).toBe(4);
    expect(Buffer.concat([...cut(single).frames, cut(single).rest])).toEqual(bytes);
  });

  test('an unfinished frame is kept as the rest and is no boundary', () => {
    const cutter = new SseCutter();
    cutter.feed(Buffer.from('data: a\n\nda'), () => undefined);
    expect(cutter.rest().toString()).toBe('da');
    expect(cutter.isAtBoundary()).toBe(false);
  });

  test('a CRLF cut in two at the end of a frame is a boundary on both sides', () => {
    const cutter = new SseCutter();
    cutter.feed(Buffer.from('data: a\r\n\r'), () => undefined);
    expect(cutter.isAtBoundary()).toBe(true);
    cutter.feed(Buffer.from('\n'), () => undefined);
    expect(cutter.isAtBoundary()).toBe(true);
  });
});

describe('SseCutter with a largest frame', () => {
  const large = `data: ${'x'.repeat(5_000)}\n\n`;

  for (const bytes of [1, 100, 1_500, 10_000]) {
    test(`gives the beginning of a larger one, says so once and gives the next ones whole, in pieces of ${bytes} bytes`, () => {
      const told: number[] = [];
      const frames: string[] = [];
      const cutter = new SseCutter(2_000, () => told.push(frames.length));
      const stream = Buffer.from(`data: a\n\n${large}data: b\n\n${large}data: c\n\nda`);
      for (let at = 0; at < stream.length; at += bytes)
        cutter.feed(stream.subarray(at, at + bytes), (raw) => frames.push(raw.toString()));
      const beginning = large.slice(0, 1024);
      expect(frames).toEqual(['data: a\n\n', beginning, 'data: b\n\n', beginning, 'data: c\n\n']);
      expect(told).toEqual([1, 3]);
      expect(cutter.rest().toString()).toBe('da');
    });
  }

  test('is at no boundary inside of a larger one', () => {
    const cutter = new SseCutter(2_000);
    cutter.feed(Buffer.from(large.slice(0, 4_000)), () => undefined);
    expect(cutter.isAtBoundary()).toBe(false);
    cutter.feed(Buffer.from(large.slice(4_000)), () => undefined);
    expect(cutter.isAtBoundary()).toBe(true);
  });
});

describe('parseFrame', () => {
  test('a byte order mark, an unknown field, a field without a colon and an empty data line are read as the standard says', () => {
    expect(parseFrame(Buffer.from('\ufeffevent: x\nretry: 3\ndata\ndata: a\n\n'))).toMatchObject({
      event: 'x',
      data: '\na',
    });
  });
});
