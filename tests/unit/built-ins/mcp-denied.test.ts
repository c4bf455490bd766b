import { expect, test } from '@jest/globals';
import type { BuiltInContext } from '../../../middleware/features/built-ins/built-in-context.ts';
import { mcpList } from '../../../middleware/features/built-ins/mcp/mcp-list.ts';
import { status } from '../../../middleware/features/built-ins/status.ts';
import { builtInContext, serverState, snapshotWith, sourceIn } from '../../support/built-in-context.ts';

const user = sourceIn('user');

function contextWith(deny: readonly string[], scope: 'user' | 'project' = 'user'): BuiltInContext {
  const context = builtInContext({
    snapshot: snapshotWith({
      settings: [{ source: user, settings: { permissions: { deny: [...deny] } } }],
      mcpServers: [{ source: sourceIn(scope), servers: { old: { command: 'o' } } }],
    }),
  });
  const stateOf = () => serverState({ state: 'running', era: 'modern' });
  return { ...context, servers: { ...context.servers, stateOf } };
}

const denied = '**denied** by the rule `mcp__old` (user, `~/.claude/settings.json`)';

test('/mcp and /status say which rule keeps a server away, and nothing of what it offers [CMD-4] [MCP-3]', async () => {
  const context = contextWith(['mcp__old']);
  const line = `- \`old\`: \`stdio\` \`o\` (user, \`~/.claude/settings.json\`; ${denied})\n`;
  expect(await mcpList('list', context)).toBe(`## MCP servers\n\n${line}`);
  expect(await mcpList('old', context)).toBe(
    `${line}\nIt is not asked for what it offers: take the rule out to use it.\n`,
  );
  expect(await status('', context)).toContain('## MCP servers\n\n- denied by a permission rule: `old`\n');
});

test('/mcp NAME says which tools a rule keeps away, and counts no tokens for them [CMD-4] [MCP-3]', async () => {
  const context = contextWith(['mcp__old__drop']);
  const tool = { description: undefined, isTaskOnly: false };
  const tools = [
    { ...tool, name: 'drop', tokens: 30 },
    { ...tool, name: 'read', tokens: 12 },
  ];
  const value = { tools, prompts: [], resources: [], failed: [] };
  const servers = { ...context.servers, look: () => Promise.resolve({ kind: 'got', value } as const) };
  expect(await mcpList('old', { ...context, servers })).toContain(
    [
      '### Tools, about 12 tokens in each request that offers them\n',
      '- `drop`: **denied** by the rule `mcp__old__drop` (user, `~/.claude/settings.json`)',
      '- `read`: about 12 tokens\n',
    ].join('\n'),
  );
});

test("a project's server that nobody allowed is not told as running, where another entry runs the same [CMD-4] [MCP-5]", async () => {
  const context = contextWith([], 'project');
  const text = await mcpList('list', context);
  expect(text).toContain('needs your approval before use');
  expect(text).not.toContain('running');
  expect(await status('', context)).toContain('## MCP servers\n\n- not used yet: `old`\n');
});
