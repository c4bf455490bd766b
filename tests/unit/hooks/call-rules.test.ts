import { describe, expect, test } from '@jest/globals';
import type { PermissionMode } from '../../../middleware/features/policy/permission-mode.ts';
import { decideCall, isAboutCall } from '../../../middleware/features/calls/call-rules.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { claudeUsesOf } from '../../../middleware/protocol/claude-tools/claude-tool.ts';

const project = {
  workspace: '/project',
  home: '/home/me',
  settings: { additionalDirectories: [] },
  mcpServers: new Map(),
} as unknown as ProjectSnapshot;
const source = {
  scope: 'user',
  family: 'claude',
  file: '/home/me/settings.json',
  baseDir: '/home/me',
} as const;
const rules = [{ behavior: 'deny', text: 'Bash(rm:*)', source }] as const;

function decided(name: string, input: unknown, mode: PermissionMode = 'bypassPermissions') {
  const kind = typeof input === 'string' ? 'custom' : 'function';
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  const uses = claudeUsesOf({ callId: 'c', kind, name, namespace: undefined, input: text }, (path) => path);
  return uses.map(
    (use) =>
      decideCall(use, project, {
        rules: mode === 'plan' ? [] : rules,
        mode,
        directories: [],
        asksUndecided: false,
      }).behavior,
  );
}

/** Nothing to bash, and the path of `rm` to zsh. */
const line = 'echo =rm';

describe('a line is read for the shell that its call names', () => {
  test.each([
    ['exec_command', { cmd: line, shell: '/bin/bash' }],
    ['exec_command', { cmd: line, shell: 'bash' }],
    ['shell', { command: ['/bin/bash', '-lc', line] }],
    ['shell', { command: ['bash', '-c', line] }],
    ['local_shell', { command: ['/usr/bin/bash', '-lc', line] }],
  ])('%s %j is one for bash [SEC-1]', (name, input) => {
    expect(decided(name, input)).toEqual(['allow']);
  });

  test.each([
    ['exec_command', { cmd: line }],
    ['exec_command', { cmd: line, shell: '/bin/zsh' }],
    ['exec_command', { cmd: line, shell: '/bin/sh' }],
    ['exec_command', { cmd: line, shell: './bash' }],
    ['shell', { command: ['zsh', '-lc', line] }],
    ['shell_command', { command: line }],
    ['bash', { command: line }],
  ])('%s %j may be one for zsh [SEC-1]', (name, input) => {
    expect(decided(name, input)).toEqual(['ask']);
  });

  test('a condition of a hook looks at it in the same way [SEC-1]', () => {
    const use = { tool: 'Bash', input: { command: line } };
    expect(isAboutCall('Bash(rm:*)', use, project)).toBe(true);
    expect(isAboutCall('Bash(rm:*)', { ...use, shell: 'bash' }, project)).toBe(false);
  });
});

describe('in plan mode', () => {
  test('code whose calls cannot be read is a question without any rule [SEC-1]', () => {
    expect(decided('exec', 'await tools.exec_command({cmd: "ls"})', 'plan')).toEqual(['allow']);
    expect(decided('exec', 'await tools.exec_command({cmd: name})', 'plan')).toContain('ask');
    expect(decided('exec', 'await tools[name]({})', 'plan')).toContain('ask');
  });

  test('what is typed in parts is a question [SEC-1]', () => {
    expect(decided('write_stdin', { session_id: 1, chars: 'touch' }, 'plan')).not.toEqual(['allow']);
  });
});
