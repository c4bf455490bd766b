import { expect, test } from '@jest/globals';
import { withoutControls } from '../../../middleware/features/mcp/definitions/without-controls.ts';
import { visibleText } from '../../../middleware/kernel/visible-text.ts';

test.each([
  ['selectors behind a picture', '😀\u{E0100}\u{E0101}!', '😀!'],
  ['selectors behind nothing', 'a\uFE00\uFE0Fb', 'ab'],
  ['fillers and breaks that are not seen', 'a\u3164\u200B\u2062\u2063\u00AD\uFEFF\u115Fb', 'ab'],
  ['joiners between plain letters', 'a\u200Db\u200Cc', 'abc'],
  ['joiners between letters that never join', 'ж\u200Dé\u200C漢\u200D字', 'жé漢字'],
  ['joiners behind selectors', 'a\uFE0F\u200D\uFE0F\u200C\uFE0Fb', 'ab'],
  ['joiners between fillers', 'a\u3164\u200D\u115F\u200C\u034F\u200D\u180Bb', 'ab'],
  ['a run of joiners between letters that join', 'ن\u200C\u200D\u200C\u200Cم', 'نم'],
  [
    'a run of joiners and selectors behind a picture',
    '❤\uFE0F\u200D\uFE0F\u200D\u200D🔥\uFE0F\uFE0E',
    '❤\uFE0F🔥\uFE0F',
  ],
  ['a joiner behind the last picture', '👩\u200D 💻\u200Dx', '👩 💻x'],
  ['letters of tags', 'a\u{E0041}b', 'a\uFFFDb'],
])('no hidden letters stay in what a server says: %s [MCP-5] [SEC-3]', (_, said, seen) => {
  expect(withoutControls(said)).toBe(seen);
  const ofPictures = /(?<=\p{Extended_Pictographic})\uFE0F/gu;
  expect(visibleText(said).replaceAll(ofPictures, '')).not.toMatch(/\p{Default_Ignorable_Code_Point}/u);
});

test.each(['👩‍💻 👩🏽‍💻 ⚠️ ❤️‍🔥 🏳️‍🌈 1️⃣', 'نمی‌خواهم', 'क्‍ष', 'ශ්‍රී', 'ന്‍റെ'])(
  'what writing needs stays: %s [MCP-5]',
  (text) => {
    expect(withoutControls(text)).toBe(text);
  },
);

test.each(['\u200B', '\r'])('millions of %j are left out [MCP-5]', (hidden) => {
  expect(withoutControls(`a${hidden.repeat(3_000_000)}b`) === 'ab').toBe(true);
});

test('a picture in a description is one [MCP-5]', () => {
  expect(visibleText('⚠️ Careful')).toBe('⚠️ Careful');
});
