import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutControls } from '../../../middleware/features/mcp/definitions/without-controls.ts';
import { holds } from '../../support/fuzz.ts';

const hidden = Array.from('\u200C\u200D\uFE00\uFE0E\uFE0F\u{E0100}\u034F\u115F\u3164\u180B\u2060\u00AD');
const seen = Array.from('aж漢नम्😀❤🏽1');
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

test('of what is not seen, no more stays than what is seen beside it can have [MCP-5] [SEC-3]', async () => {
  const text = fc
    .array(fc.oneof(fc.constantFrom(...hidden), fc.constantFrom(...hidden), fc.constantFrom(...seen)))
    .map((letters) => letters.join(''));
  await holds(
    [text],
    (said) => {
      const left = withoutControls(said);
      expect(left.replaceAll(unseen, '')).toBe(said.replaceAll(unseen, ''));
      // Two only in a sequence of pictures.
      expect(left).not.toMatch(/(?!\uFE0F\u200D\p{Extended_Pictographic})\p{DI}{2}|\p{DI}{3}/u);
      expect(left).not.toMatch(/(?:^|[a-zж漢1])[\u200C\u200D]/u);
      expect(withoutControls(left)).toBe(left);
    },
    1_000,
  );
});
