import { expect, test } from '@jest/globals';
import { ResourceWatches } from '../../../middleware/http/gateway/resource-watches.ts';

test('a session at /mcp hears of 100 resources, and of one more in the place of the oldest [MCP-3]', () => {
  const watches = new ResourceWatches();
  const signals = Array.from({ length: 101 }, (_, index) => watches.add(`note://${index}`));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, ...Array<boolean>(100).fill(false)]);
  expect([watches.has('note://0'), watches.has('note://1'), watches.has('note://100')]).toEqual([
    false,
    true,
    true,
  ]);
  watches.clear();
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});

test('a resource that is watched anew at /mcp stays watched where the first attempt fails later [MCP-3]', () => {
  const watches = new ResourceWatches();
  const first = watches.add('note://plan');
  watches.delete('note://plan');
  const second = watches.add('note://plan');
  watches.giveUp('note://plan', first);
  expect([first.aborted, second.aborted, watches.has('note://plan')]).toEqual([true, false, true]);
  watches.giveUp('note://plan', second);
  expect([second.aborted, watches.has('note://plan')]).toEqual([true, false]);
});
