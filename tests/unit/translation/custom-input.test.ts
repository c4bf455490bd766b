import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CustomInput,
  wrapCustomInput,
} from '../../../middleware/protocol/translation/inputs/custom-input.ts';
import { parseLenientJson } from '../../../middleware/protocol/translation/inputs/lenient-json.ts';
import { holds } from '../../support/fuzz.ts';

function read(
  json: string,
  cuts: readonly number[],
): { readonly pieces: readonly string[]; readonly rest: string | undefined } {
  const input = new CustomInput();
  const places = [0, ...cuts.map((cut) => cut % (json.length + 1)), json.length].toSorted((a, b) => a - b);
  const pieces = places.slice(1).map((end, index) => input.add(json.slice(places[index], end)));
  return { pieces, rest: input.end(json, parseLenientJson(json)) };
}

/** JSON of the same text as other writers of JSON have it. */
function written(text: string, style: number): string {
  const plain = wrapCustomInput(text);
  if (style === 0) return plain;
  const escaped = plain.replace(
    /[^\x20-\x7e]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return style === 1 ? escaped : escaped.replace('{"input":"', '{\n  "input" : "');
}

test('[RT-4] a text in arguments comes out whole, however its JSON is written and cut', async () => {
  const texts = fc.string({ unit: 'binary', maxLength: 60 });
  await holds(
    [texts, fc.integer({ min: 0, max: 2 }), fc.array(fc.nat(), { maxLength: 6 })],
    (text, style, cuts) => {
      // Half a letter cannot be written in UTF-8.
      const whole = text.toWellFormed();
      const { pieces, rest } = read(written(whole, style), cuts);
      expect(pieces.join('') + String(rest)).toBe(whole);
    },
  );
});

test('[RT-4] a text is given as it is written, and not at its end', () => {
  const { pieces } = read('{"input":"*** Begin Patch\\n*** End', [24, 30]);
  expect(pieces).toEqual(['*** Begin Patc', 'h\n***', ' End']);
});

test.each([
  ['"*** Begin Patch"', '*** Begin Patch'],
  ['{"patch":"*** Begin Patch"}', '*** Begin Patch'],
  ['*** Begin Patch', '*** Begin Patch'],
  ['{"input":5}', '{"input":5}'],
  ['', ''],
])('[RT-4] arguments of another shape (%s) are taken for what they mean', (json, text) => {
  const { pieces, rest } = read(json, [3, 7]);
  expect(pieces.join('') + String(rest)).toBe(text);
});
