import { describe, expect, test } from '@jest/globals';
import { configList } from '../../../middleware/features/built-ins/config-list.ts';
import { builtInContext, snapshotWith, sourceIn } from '../../support/built-in-context.ts';

function listed(findings: Parameters<typeof snapshotWith>[0]): string {
  return configList('list', builtInContext({ snapshot: snapshotWith(findings) }));
}

describe('/config list', () => {
  test('each value has its source, and what it was preferred to; secrets are masked [CFG-3] [CMD-4] [SEC-3]', () => {
    const cli = { ...sourceIn('cli'), file: 'command line' };
    const text = listed({
      settings: [
        { source: cli, settings: { model: 'opus' } },
        { source: sourceIn('project'), settings: { model: 'haiku', permissions: { deny: ['Bash(rm *)'] } } },
        { source: sourceIn('user'), settings: { model: 'sonnet', env: { A_TOKEN: 'hidden', N: 'a`b' } } },
      ],
    });
    expect(text).toBe(
      [
        '## Configuration\n',
        '- `env.A_TOKEN`: `"[redacted]"` (user, `~/.claude/settings.json`)',
        '- `env.N`: `` "a`b" `` (user, `~/.claude/settings.json`)',
        '- `model`: `"opus"` (command line), instead of `"haiku"` (project, `.claude/settings.json`) and `"sonnet"` (user, `~/.claude/settings.json`)',
        '- `permissions.deny[0]`: `"Bash(rm *)"` (project, `.claude/settings.json`)\n',
      ].join('\n'),
    );
  });

  test('rules that match nothing are told, with what is likely meant [CFG-3]', () => {
    const permissions = { deny: ['bash(rm:*)', 'Bash(rm:*)', 'Write(src/**)'] };
    expect(listed({ settings: [{ source: sourceIn('user'), settings: { permissions } }] })).toContain(
      [
        '## Rules that match nothing\n',
        '- deny `bash(rm:*)` (user, `~/.claude/settings.json`): `no tool is called bash; Bash(rm:*) is likely meant`',
        '- deny `Write(src/**)` (user, `~/.claude/settings.json`): `paths of all tools that change files are written as Edit(src/**)`\n',
      ].join('\n'),
    );
  });

  test('a long value is cut, and an empty configuration is called so [CFG-3]', () => {
    const long = listed({ settings: [{ source: sourceIn('user'), settings: { x: 'y'.repeat(500) } }] });
    expect(long).toContain(`- \`x\`: \`"${'y'.repeat(198)}…\` (user`);
    expect(listed({})).toBe('Nothing is configured here.\n');
  });
});
