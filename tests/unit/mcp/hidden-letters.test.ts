import { expect, test } from '@jest/globals';
import { withoutControls } from '../../../middleware/features/mcp/definitions/without-controls.ts';
import { visibleText } from '../../../middleware/kernel/visible-text.ts';

test.each([
  ['selectors behind a picture', '😀\u{E0100}\u{E0101}!', '😀!'],
  ['selectors behind nothing', 'a\uFE00\uFE0Fb', 'ab'],
  ['fillers and breaks that are not seen', 'a\u3164\u200B\u2062\u2063\u00AD\uFEFF\u115Fb', 'ab'],
  ['joiners between plain letters', 'a\u200Db\u200Cc', 'abc'],
  ['letters of tags', 'a\u{E0041}b', 'a\uFFFDb'],
])('no hidden letters stay in what a server says: %s [MCP-5] [SEC-3]', (_, said, seen) => {
  expect(withoutControls(said)).toBe(seen);
  expect(visibleText(said)).not.toMatch(/\p{Default_Ignorable_Code_Point}/u);
});

test.each(['👩‍💻 ⚠️ ❤️‍🔥 1️⃣', 'نمی‌خواهم', 'क्‍ष'])('what writing needs stays: %s [MCP-5]', (text) => {
  expect(withoutControls(text)).toBe(text);
});

test.each(['\u200B', '\r'])('millions of %j are left out [MCP-5]', (hidden) => {
  expect(withoutControls(`a${hidden.repeat(3_000_000)}b`) === 'ab').toBe(true);
});

test('a picture in a description is one [MCP-5]', () => {
  expect(visibleText('⚠️ Careful')).toBe('⚠️ Careful');
});
