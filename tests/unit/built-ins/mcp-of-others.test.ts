import { expect, test } from '@jest/globals';
import { mcpAccept } from '../../../middleware/features/built-ins/mcp/mcp-accept.ts';
import { mcpAuth } from '../../../middleware/features/built-ins/mcp/mcp-auth.ts';
import { builtInContext } from '../../support/built-in-context.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

test.each([
  ['sign in', mcpAuth, 'auth one'],
  ['accept changed tools', mcpAccept, 'accept one'],
])('a caller from elsewhere cannot %s for everybody [MCP-4] [SEC-1]', async (what, run, args) => {
  const exchange = exchangeWith({ caller: { kind: 'key', id: 'k', name: 'ann' } });
  expect(await run(args, builtInContext({ exchange }))).toMatch(
    new RegExp(`^Only whoever runs this may ${what.split(' ')[0] ?? ''}`),
  );
});
