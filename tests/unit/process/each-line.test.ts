import { expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { eachLine } from '../../../middleware/platform/process/each-line.ts';

async function linesOf(pieces: readonly Buffer[]): Promise<readonly string[]> {
  const lines: string[] = [];
  await eachLine(Readable.from(pieces), (line) => lines.push(line));
  return lines;
}

/** Whatever JSON may have in a text without escaping it. */
const odd = fc.constantFrom('\u2028', '\u2029', '\u0085', '\v', '\f', '\r', 'a', 'é', '🌍');

test('a line ends at its line feed alone, wherever the output is cut', async () => {
  const texts = fc.array(fc.array(odd, { maxLength: 8 }).map((letters) => `${letters.join('')}.`));
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 5 }), async (lines, size) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(await linesOf(pieces)).toEqual(lines);
    }),
  );
});

test('a carriage return before the line feed is of the line end, and the last line needs none', async () => {
  expect(await linesOf([Buffer.from('one\r\n\r\ntwo')])).toEqual(['one', '', 'two']);
});
