import { describe, expect, test } from '@jest/globals';
import { mcpList } from '../../../middleware/features/built-ins/mcp-list.ts';
import { builtInContext, snapshotWith, sourceIn } from '../../support/built-in-context.ts';

const later =
  'Codex-Plus lists MCP servers, and does not call them yet. `/mcp add` and `/mcp auth` come with that; until then write servers into `.mcp.json`.\n';

function listed(findings: Parameters<typeof snapshotWith>[0], args = 'list'): string {
  return mcpList(args, builtInContext({ snapshot: snapshotWith(findings) }));
}

describe('/mcp', () => {
  test('list: each server, how it is reached and where it is from; secrets do not show [CMD-4] [SEC-3]', () => {
    const text = listed({
      settings: [{ source: sourceIn('user'), settings: { disabledMcpjsonServers: ['old'] } }],
      mcpServers: [
        {
          source: { ...sourceIn('project'), file: '/home/ada/shop/.mcp.json' },
          servers: {
            git: { command: 'npx', args: ['git-mcp', '--token', 'hidden'], env: { A_KEY: 'hidden' } },
            old: { url: 'https://a/${WHO}' },
          },
        },
        {
          source: { ...sourceIn('user'), file: '/home/ada/.claude.json' },
          servers: {
            web: { type: 'sse', url: 'https://b/?key=hidden', headers: { X: 'hidden' } },
            bad: {},
          },
        },
      ],
    });
    expect(text).toBe(
      [
        '## MCP servers\n',
        '- `git`: `stdio` `npx git-mcp --token [redacted]` (project, `.mcp.json`; needs your approval before use)',
        '- `old`: `http` `https://a/${WHO}` (project, `.mcp.json`; **switched off** by `disabledMcpjsonServers`)',
        '- `web`: `sse` `https://b/?key=[redacted]` (user, `~/.claude.json`)',
        '- `bad`: names neither a command nor a URL (user, `~/.claude.json`)\n',
        later,
      ].join('\n'),
    );
  });

  test('list: servers that a policy keeps out are told apart [CMD-4]', () => {
    const text = listed({
      settings: [{ source: sourceIn('enterprise'), settings: { deniedMcpServers: [{ serverName: 'git' }] } }],
      mcpServers: [{ source: sourceIn('user'), servers: { git: { command: 'git-mcp' } } }],
    });
    expect(text).toBe(
      [
        'No MCP servers are configured here.\n',
        '## Kept out by policy\n',
        '- `mcpServers.git` (user, `~/.claude/settings.json`): deniedMcpServers has it\n',
        later,
      ].join('\n'),
    );
  });

  test.each(['add', 'add git npx git-mcp', 'auth web'])(
    '%s: says that it is not there yet [CMD-4]',
    (args) => {
      expect(listed({}, args)).toBe(later);
    },
  );
});
