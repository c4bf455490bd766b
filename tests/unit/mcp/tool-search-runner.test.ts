import { expect, test } from '@jest/globals';
import type { OfferedTool } from '../../../middleware/features/mcp/offer/offered-tool.ts';
import { callName } from '../../../middleware/features/mcp/offer/tool-search.ts';
import type { CallRunner } from '../../../middleware/pipeline/call-checks.ts';
import { withToolSearch } from '../../../middleware/pipeline/mcp/tool-search-runner.ts';

const tool: OfferedTool = {
  ...{ server: 'one', name: 'echo', ruleName: 'mcp__one__echo', size: 2 },
  definition: { group: 'mcp__one', tool: 'echo', description: '', parameters: {} },
};

const runner: CallRunner = {
  isOurs: () => true,
  asDecided: (call) => call,
  run: () => Promise.reject(new Error('nothing runs here')),
};

test.each([
  [{ a: 1 }, '{"a":1}'],
  ['{"a":1}', '{"a":1}'],
  [[{ toString: 1, valueOf: 1 }], '[{"toString":1,"valueOf":1}]'],
  [[1, 2], '[1,2]'],
  [null, 'null'],
])('a model that calls a tool it found gives it %j as it wrote it [MCP-2]', (given, input) => {
  const search = withToolSearch(runner, [tool], () => Promise.resolve(''));
  const call = { kind: 'function', name: callName, namespace: undefined, callId: 'c1' } as const;
  const written = JSON.stringify({ name: 'mcp__one__echo', arguments: given });
  expect(search.asDecided({ ...call, input: written })?.input).toBe(input);
});
