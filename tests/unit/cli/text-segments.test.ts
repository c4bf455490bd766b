import { describe, expect, test } from '@jest/globals';
import { SegmentedText, undoSegments } from '../../../middleware/cli/install/text-segments.ts';

function edited(before: string): SegmentedText {
  const text = new SegmentedText(before);
  const at = before.indexOf('own');
  if (at >= 0) text.replace(at, at + 3, '# kept: own');
  text.prepend('first = 1\n');
  text.append('[ours]\nlast = 1\n');
  return text;
}

describe('segments', () => {
  for (const [what, before] of [
    ['an empty file', ''],
    ['a file without a line end', 'a = 1\nown = 2'],
    ['a file with one', 'own = 2\na = 1\n'],
    ['a file with CRLF', 'own = 2\r\na = 1\r\n'],
    ['a file with a byte order mark', '\ufeffown = 2\n'],
  ] as const) {
    test(`taken out of ${what}, they leave every byte as it was [CFG-4]`, () => {
      const { text, segments } = edited(before);
      expect(text).not.toBe(before);
      expect(undoSegments(text, segments)).toEqual({ text: before, missing: [] });
    });
  }

  test('what was written around them stays [CFG-4]', () => {
    const { text, segments } = edited('own = 2\n');
    const around = `# on top\n${text.replace('[ours]', 'between = 1\n[ours]')}\n[after]\nb = 1\n`;
    expect(undoSegments(around, segments).text).toBe('# on top\nown = 2\nbetween = 1\n\n[after]\nb = 1\n');
  });

  test('one that was edited is told, and the others are taken out all the same [CFG-4]', () => {
    const { text, segments } = edited('own = 2\n');
    const { text: rest, missing } = undoSegments(text.replace('last = 1', 'last = 2'), segments);
    expect(missing).toEqual([{ kind: 'insert', at: 'end', text: '[ours]\nlast = 1\n' }]);
    expect(rest).toBe('own = 2\n[ours]\nlast = 2\n');
  });

  test('lines that are put in have the line ends of the file [CFG-4]', () => {
    expect(edited('a = 1\r\n').text).toBe('first = 1\r\na = 1\r\n[ours]\r\nlast = 1\r\n');
  });
});
