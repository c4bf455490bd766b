import { expect, test } from '@jest/globals';
import type { Tool } from '@modelcontextprotocol/client';
import type { ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { guideOf, usableGuide } from '../../../middleware/features/mcp/definitions/server-guide.ts';
import { offeredTools } from '../../../middleware/features/mcp/offer/offered-tool.ts';
import { searchTools, tokensOf } from '../../../middleware/features/mcp/offer/tool-search.ts';
import { responsesTools } from '../../../middleware/protocol/apis/responses/tools.ts';

const place = { server: 'notes', project: undefined, workspace: '/w' };

function tool(name: string): Tool {
  return { name, description: `Does ${name}.`, inputSchema: { type: 'object' } };
}

const offered = [
  ...offeredTools('mail', [tool('send')]),
  ...offeredTools('notes', [tool('find'), tool('read')], { about: 'Find before you read.' }),
];

test('what a server says of itself is as long as a description, with nothing hidden in it [MCP-2]', async () => {
  const said = await usableGuide(guideOf(`a\u0007b${'x'.repeat(3_000)}`, []), place, undefined);
  expect(said).toHaveLength(2_048);
  expect(said).not.toContain('\u0007');
  expect(await usableGuide(guideOf(' ', []), place, undefined)).toBe('');
  expect(await usableGuide(guideOf(undefined, []), place, undefined)).toBe('');
});

test('a server that says the same again is known by the same [MCP-2]', () => {
  const guide = guideOf('Find first.', []);
  expect(guideOf('Find first.', guide)).toBe(guide);
  expect(guideOf('Read first.', guide)).not.toBe(guide);
  expect(guideOf(undefined, guide)).toEqual([]);
});

test('what a server says of itself counts once for how long its tools are [MCP-2]', () => {
  const about = 'x'.repeat(2_000);
  const [plain, long] = [{}, { about }].map((of) =>
    tokensOf(offeredTools('notes', [tool('find'), tool('read')], of)),
  );
  expect((long ?? 0) - (plain ?? 0)).toBe(500);
});

test('a model that searches is told it with the first tool of the server that it finds [MCP-2]', () => {
  const found = JSON.parse(searchTools(offered, { query: 'does' })) as readonly { description: string }[];
  expect(found.map(({ description }) => description)).toEqual([
    'Does send.',
    'Does find.\n\nHow to use the tools mcp__notes__*, as their MCP server says:\nFind before you read.',
    'Does read.',
  ]);
});

test('where tools stand in groups, it is what is said of the group, as Codex has it [MCP-2]', () => {
  const group = { type: 'namespace', name: 'mcp__its', description: 'Its.', tools: [] };
  const input = [{ type: 'additional_tools', role: 'developer', tools: [group] }];
  const body = Buffer.from(JSON.stringify({ model: 'm', input }));
  const { json } = responsesTools.withTools(
    { api: 'responses', json: body, raw: body, headers: [], head: {} } as unknown as ApiRequest,
    offered.map(({ definition }) => definition),
  );
  const [item] = (JSON.parse(json.toString()) as { input: { tools: object[] }[] }).input;
  expect(item?.tools).toMatchObject([
    group,
    { name: 'mcp__mail', description: '' },
    {
      name: 'mcp__notes',
      description: 'Find before you read.',
      tools: [{ description: 'Does find.' }, { description: 'Does read.' }],
    },
  ]);
});
