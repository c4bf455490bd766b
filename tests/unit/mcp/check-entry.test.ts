import { expect, test } from '@jest/globals';
import { checkServerEntry } from '../../../middleware/features/mcp/edit/check-entry.ts';

test.each([
  'https://${HOST}/mcp',
  'https://${HOST}:${PORT}/mcp',
  'https://${HOST}:${PORT:-8080}/mcp?key=${KEY}',
  '${BASE_URL:-https://example.com}/mcp',
  '${BASE}:8080/mcp',
  '${SCHEME}://example.com/mcp',
  '${URL}',
])('the address %s may be used, whatever its variables are [MCP-1]', (url) => {
  expect(() => {
    checkServerEntry({ type: 'http', url });
  }).not.toThrow();
});

test.each(['ftp://${HOST}/mcp', 'https://exa mple.com/${PATH}', '/${PATH}'])(
  'the address %j is refused [MCP-1]',
  (url) => {
    expect(() => {
      checkServerEntry({ type: 'http', url });
    }).toThrow('`url` is no URL');
  },
);
