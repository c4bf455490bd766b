import { expect, test } from '@jest/globals';
import { mcpList } from '../../../middleware/features/built-ins/mcp/mcp-list.ts';
import { builtInContext, serverState, snapshotWith, sourceIn } from '../../support/built-in-context.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

const lastError = 'MCP server "c" wants you to sign in: `/mcp auth c` in a conversation';
const turn = { kind: 'user', sessionId: 's', turnId: undefined } as const;

test.each([
  ['the interface of Codex', 'codex', false, '$'],
  ['codex exec', 'codex', true, '/'],
  ['Claude Code', 'claude', false, '/'],
] as const)(
  '/mcp names its commands as they are called in %s [MCP-5] [CMD-4]',
  async (_, kind, isOneShot, sign) => {
    const exchange = exchangeWith({ client: { kind, version: '1.0.0' }, turn: { ...turn, isOneShot } });
    const snapshot = snapshotWith({
      mcpServers: [{ source: sourceIn('user'), servers: { c: { command: 'c' } } }],
    });
    const context = builtInContext({ exchange, snapshot });
    const { servers } = context;
    const failing = { ...servers, stateOf: () => serverState({ lastError }) };
    const reason = 'no such server: `/mcp list` shows those that are';
    const look: typeof servers.look = () => Promise.resolve({ kind: 'failed', reason });
    const text = await mcpList('c', { ...context, servers: { ...failing, look } });
    expect(text).toContain(`MCP server "c" wants you to sign in: \`${sign}mcp auth c\` in a conversation`);
    expect(text).toContain(`next: mend what it says; \`${sign}mcp c\` tries it again`);
    expect(text).toContain(`\`${sign}mcp list\` shows those that are`);
  },
);
