import { describe, expect, test } from '@jest/globals';
import { describeRule, ruleProblem } from '../../../middleware/features/policy/describe-rule.ts';
import type { PermissionRule } from '../../../middleware/kernel/permission-rule.ts';

const rule = (text: string, behavior: PermissionRule['behavior'] = 'deny'): PermissionRule => ({
  behavior,
  text,
  source: { scope: 'project', family: 'claude', file: '/p/.claude/settings.json', baseDir: '/p' },
});

describe('describeRule', () => {
  test('says what it does and who wrote it where [SEC-1]', () => {
    expect(describeRule(rule('Read(.env)'))).toBe(
      "deny rule Read(.env) of the project's shared settings (/p/.claude/settings.json)",
    );
    const source = { scope: 'cli', family: 'claude', file: 'command line', baseDir: '/p' } as const;
    expect(describeRule({ ...rule('Bash', 'allow'), source })).toBe('allow rule Bash of the command line');
  });

  test('says of a rule that matches nothing how it is meant to be written [SEC-1]', () => {
    expect(describeRule(rule('Write(src/**)'))).toContain(
      'which matches nothing: paths of all tools that change files are written as Edit(src/**)',
    );
  });
});

describe('ruleProblem', () => {
  test.each([
    'Bash(a:*), Read',
    ' Bash',
    'Bash(a',
    '',
    'Bash()',
    'Bash(:*)',
    'Write(a)',
    'NotebookEdit(a)',
    'Grep(a)',
  ])('%j has one [SEC-1]', (text) => {
    expect(ruleProblem(rule(text))).toEqual(expect.any(String));
  });

  test.each([
    'Bash',
    'Bash(a:*)',
    'Read(//a/**)',
    'Edit(a)',
    'mcp__s',
    'mcp__*',
    'WebFetch(domain:a.b)',
    'Write',
  ])('%j has none [SEC-1]', (text) => {
    expect(ruleProblem(rule(text))).toBeUndefined();
  });

  test('an allow rule has to name its MCP server [SEC-1]', () => {
    expect(ruleProblem(rule('mcp__*', 'allow'))).toBe('an allow rule has to name the server');
    expect(ruleProblem(rule('mcp__s__*', 'allow'))).toBeUndefined();
  });
});
