import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SseCutter } from '../../../middleware/protocol/sse-cutter.ts';
import { parseFrame } from '../../../middleware/protocol/sse-frame.ts';
import { holds } from '../../support/fuzz.ts';

/** What event streams are made of, and what they are broken with. */
const piece = fc.oneof(
  fc.constantFrom(
    'data: ',
    'event: ',
    'id:',
    ': ',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\r\n\r\n',
    '\u2028',
    '\ufeff',
    '\0',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const stream = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')));
const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 12 });

function cut(bytes: Buffer, at: readonly number[]): { frames: string[]; rest: string } {
  const cutter = new SseCutter();
  const frames: string[] = [];
  const places = [...new Set([0, ...at.filter((place) => place < bytes.length), bytes.length])].sort(
    (a, b) => a - b,
  );
  for (const [index, from] of places.entries())
    cutter.feed(bytes.subarray(from, places[index + 1] ?? from), (raw) =>
      frames.push(raw.toString('latin1')),
    );
  return { frames, rest: cutter.rest().toString('latin1') };
}

/** What a client reads; the line feed of a CRLF that ends a frame may belong to either side. */
function read(frame: string): unknown {
  const { event, data } = parseFrame(Buffer.from(frame, 'latin1'));
  return { event, data };
}

test('an event stream cut anywhere loses no byte and gives the same frames', () =>
  holds(
    [stream, cuts],
    (bytes, at) => {
      const whole = cut(bytes, []);
      const parts = cut(bytes, at);
      expect([...parts.frames, parts.rest].join('')).toBe(bytes.toString('latin1'));
      expect(parts.frames.map(read)).toEqual(whole.frames.map(read));
    },
    300,
  ));
