import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ToolBlocks, type ToolBlockRules } from '../../../middleware/protocol/app-server/tool-blocks.ts';
import { holds } from '../../support/fuzz.ts';

const never: ToolBlockRules = {
  stopAfterTools: 'never',
  stopAfterToolsGraceMs: 300,
  suppressTailAfterTools: false,
  toolBlockMax: 0,
};
const one = '<use_tool name="a"><path>x</path></use_tool>';
const two = '<use_tool name="b">y</use_tool>';
const text = `Look. ${one}\n${two} And that is all.`;

function give(rules: Partial<ToolBlockRules>, pieces: readonly string[]): string {
  const blocks = new ToolBlocks({ ...never, ...rules });
  return pieces.map((piece) => blocks.add(piece)).join('');
}

test.each<[string, Partial<ToolBlockRules>, string]>([
  ['ends behind the first block', { stopAfterTools: 'first' }, `Look. ${one}`],
  ['says nothing behind the last of several blocks', { stopAfterTools: 'burst' }, `Look. ${one}\n${two}`],
  ['leaves out what is said behind the last block', { suppressTailAfterTools: true }, `Look. ${one}\n${two}`],
  ['ends behind as many blocks as are allowed', { toolBlockMax: 1 }, `Look. ${one}`],
  ['is as it came where no rule says otherwise', {}, text],
])('an answer %s, in whatever pieces it comes [API-3]', (_, rules, expected) => {
  const cuts = fc.array(fc.nat(text.length), { maxLength: 12 });
  return holds([cuts], (at) => {
    const places = [0, ...at.toSorted((a, b) => a - b), text.length];
    const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
    expect(give(rules, pieces)).toBe(expected);
  });
});

test('a text without blocks is given whole [API-3]', () => {
  expect(
    give({ stopAfterTools: 'burst', suppressTailAfterTools: true, toolBlockMax: 1 }, [
      'a <use',
      '_too b',
      ' </use_tool> c',
    ]),
  ).toBe('a <use_too b </use_tool> c');
});
