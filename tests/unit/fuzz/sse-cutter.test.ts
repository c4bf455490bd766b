import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SseCutter } from '../../../middleware/protocol/sse/sse-cutter.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
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

interface Cut {
  readonly frames: string[];
  readonly rest: string;
  /** How often a frame was told to be too large. */
  readonly tooLarge: number;
}

function cut(bytes: Buffer, at: readonly number[], maxBytes?: number): Cut {
  let tooLarge = 0;
  const cutter = new SseCutter(maxBytes, () => (tooLarge += 1));
  const frames: string[] = [];
  const places = [...new Set([0, ...at.filter((place) => place < bytes.length), bytes.length])].sort(
    (a, b) => a - b,
  );
  for (const [index, from] of places.entries())
    cutter.feed(bytes.subarray(from, places[index + 1] ?? from), (raw) =>
      frames.push(raw.toString('latin1')),
    );
  return { frames, rest: cutter.rest().toString('latin1'), tooLarge };
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

/** Frames around a bound, and around what is kept of those above it. */
const longStream = fc
  .array(
    fc.oneof(
      piece,
      fc.nat({ max: 3_000 }).map((length) => 'x'.repeat(length)),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => Buffer.from(pieces.join('')));
const longCuts = fc.array(fc.nat({ max: 20_000 }), { maxLength: 12 });

test('frames larger than the bound are told once each and cut to their beginning, and the others keep every byte', () =>
  holds(
    [longStream, longCuts, fc.oneof(fc.nat({ max: 60 }), fc.nat({ max: 4_000 }))],
    (bytes, at, maxBytes) => {
      const all = cut(bytes, at);
      const bounded = cut(bytes, at, maxBytes);
      const asWritten = [...all.frames, all.rest];
      const isTooLarge = asWritten.map((frame) => frame.length > maxBytes);
      expect(bounded.tooLarge).toBe(isTooLarge.filter(Boolean).length);
      expect(bounded.frames.length).toBe(all.frames.length);
      for (const [index, frame] of [...bounded.frames, bounded.rest].entries()) {
        const whole = asWritten[index] ?? '';
        if (isTooLarge[index] === true) expect(whole.startsWith(frame) && frame.length <= 1_024).toBe(true);
        else expect(frame).toBe(whole);
      }
    },
    300,
  ));
