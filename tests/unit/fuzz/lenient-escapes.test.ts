import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CallInput } from '../../../middleware/protocol/translation/inputs/call-input.ts';
import { parseLenientJson } from '../../../middleware/protocol/translation/inputs/lenient-json.ts';
import { holds } from '../../support/fuzz.ts';

const meant = new Map(Object.entries({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }));
for (const sign of '"\\/') meant.set(sign, sign);

/** What a text between quotes means whose unknown escapes are their own letters. */
function meaning(text: string): string {
  let said = '';
  for (let at = 0; at < text.length; at += 1) {
    const next = text.charAt(at + 1);
    const digits = text.slice(at + 2, at + 6);
    if (text[at] !== '\\') said += text.charAt(at);
    else if (next === 'u' && /^[\da-f]{4}$/i.test(digits)) {
      said += String.fromCharCode(Number.parseInt(digits, 16));
      at += 5;
    } else {
      said += meant.get(next) ?? `\\${next}`;
      at += 1;
    }
  }
  return said;
}

/** The whole input of a call that comes in these pieces. */
function given(isCustom: boolean, pieces: readonly string[]): string {
  const input = new CallInput(isCustom);
  const begun = pieces.map((piece) => input.add(piece)).join('');
  return begun + String(input.end(false));
}

function expectMeant(text: string, cuts: readonly number[]): void {
  const value = { input: meaning(text) };
  const json = `{"input":"${text}"}`;
  const places = [...cuts.map((cut) => cut % (json.length + 1)), json.length].toSorted((a, b) => a - b);
  const pieces = places.map((end, index) => json.slice(places[index - 1] ?? 0, end));
  expect(parseLenientJson(json)).toEqual(value);
  expect(JSON.parse(given(false, pieces))).toEqual(value);
  expect(given(true, pieces)).toBe(value.input);
}

test('[RT-4] every letter behind a backslash means what JSON says, else itself', () => {
  const letters = Array.from({ length: 0x1_00_00 }, (_, code) => `\\${String.fromCharCode(code)} `);
  expect(letters.filter((text) => parseLenientJson(`"${text}"`) !== meaning(text))).toEqual([]);
});

test.each([
  'cd C:\\New now',
  'C:\\New\\Bin\\Foo\\Run\\Temp',
  'C:\\users',
  '\\u12',
  '\\u12g4',
  '\\U0041',
  '\\uD83D\\U0041',
])(
  '[RT-4] the path or escape %s in the arguments of a call is its own letters, wherever it is cut',
  (text) => {
    for (let first = 0; first < text.length + 13; first += 1)
      for (let second = first; second < text.length + 13; second += 1) expectMeant(text, [first, second]);
  },
);

test('[RT-4] so are random escapes in the arguments of a call, wherever they are cut', () => {
  const escapes = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).map((sign) => `\\${sign}`);
  const ascii = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }).map((sign) => `\\${sign}`);
  const codes = fc.stringMatching(/^\\[uU][\da-fA-FgGx]{0,4}$/);
  const plain = fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => text.replace(/["\\]/g, ''));
  const texts = fc.array(fc.oneof(escapes, ascii, codes, plain), { maxLength: 8 });
  return holds(
    [texts, fc.array(fc.nat(), { maxLength: 8 })],
    (parts, cuts) => {
      expectMeant(`${parts.join('')} `, cuts);
    },
    1000,
  );
});
