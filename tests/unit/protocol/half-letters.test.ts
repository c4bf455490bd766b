import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bytesWithoutHalfLetters,
  withoutHalfLetters,
} from '../../../middleware/protocol/json/without-half-letters.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { functionArguments } from '../../../middleware/protocol/translation/as-function.ts';
import { WholeLetters } from '../../../middleware/upstreams/translated/whole-letters.ts';
import { holds } from '../../support/fuzz.ts';

/** Any code units, many of them halves. */
const units = fc
  .array(fc.oneof(fc.integer({ min: 0xd7f0, max: 0xe010 }), fc.constantFrom(0x5c, 0x75, 0x64, 0x61, 0x22)))
  .map((codes) => String.fromCharCode(...codes));

function asTold(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
  const letters = new WholeLetters();
  return events.flatMap((event) => letters.take(event));
}

describe('[RT-5] a letter that is cut in half', () => {
  test('is U+FFFD in JSON, and every other text is the same', async () => {
    await holds([units], (text) => {
      const json = JSON.stringify({ text });
      const whole = withoutHalfLetters(json);
      expect(JSON.parse(whole)).toEqual({ text: text.toWellFormed() });
      expect(bytesWithoutHalfLetters(Buffer.from(json)).toString()).toBe(whole);
      if (text.isWellFormed()) expect(whole).toBe(json);
    });
  });

  test.each([
    [String.raw`"a\ud83d\ude00\uD83D\uDE00"`, String.raw`"a\ud83d\ude00\uD83D\uDE00"`],
    [String.raw`"a\ud83d"`, String.raw`"a\ufffd"`],
    [String.raw`"\uDE00\uD83D \ud83d\ud83d\ude00"`, String.raw`"\ufffd\ufffd \ufffd\ud83d\ude00"`],
    [String.raw`"\\ud83d \\\ud83d"`, String.raw`"\\ud83d \\\ufffd"`],
  ])('is told from two halves of one: %s', (json, whole) => {
    expect(withoutHalfLetters(json)).toBe(whole);
    const bytes = Buffer.from(json);
    expect(bytesWithoutHalfLetters(bytes).toString()).toBe(whole);
    expect(bytesWithoutHalfLetters(bytes) === bytes).toBe(json === whole);
  });

  test('goes into no arguments of a call, also where they are a text of their own', () => {
    const call = { callKind: 'function', input: String.raw`{"cmd":"echo \ud83d"}` } as const;
    expect(functionArguments(call)).toBe(String.raw`{"cmd":"echo \ufffd"}`);
    expect(functionArguments({ callKind: 'custom', input: 'echo \ud83d' })).toBe('{"input":"echo \ufffd"}');
  });

  test('is joined where its halves come one after the other, wherever a text is cut', async () => {
    await holds([units, fc.array(fc.nat(20))], (text, cuts) => {
      const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
      const pieces = places.slice(1).map((end, at) => text.slice(places[at], end));
      const said = pieces.map((delta) => ({ kind: 'text', delta }) as const);
      const told = asTold([...said, { kind: 'text-end' }]);
      expect(told.at(-1)).toEqual({ kind: 'text-end' });
      const deltas = told.slice(0, -1).map((event) => ('delta' in event ? event.delta : '?'));
      expect(deltas.every((delta) => delta.isWellFormed())).toBe(true);
      expect(deltas.join('')).toBe(text.toWellFormed());
    });
  });

  test('is told before what follows where its other half never comes', () => {
    const end = { kind: 'failed', failure: { kind: 'failed' }, usage: undefined } as unknown as AnswerEvent;
    expect(
      asTold([
        { kind: 'text', delta: 'a\ud83d' },
        { kind: 'reasoning', delta: '\ude00b' },
        { kind: 'call-input', delta: '\ud83d' },
        end,
      ]),
    ).toEqual([
      { kind: 'text', delta: 'a' },
      { kind: 'text', delta: '\ufffd' },
      { kind: 'reasoning', delta: '\ufffdb' },
      { kind: 'call-input', delta: '\ufffd' },
      end,
    ]);
  });
});
