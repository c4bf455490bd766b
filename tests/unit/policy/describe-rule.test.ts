import { describe, expect, test } from '@jest/globals';
import {
  describeRule,
  ruleHint,
  ruleProblem,
} from '../../../middleware/features/policy/rules/describe-rule.ts';
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

describe('a rule for a tool that is nearly called like one', () => {
  test.each([
    ['bash(rm:*)', 'no tool is called bash; Bash(rm:*) is likely meant'],
    ['Tsak(x)', 'no tool is called Tsak; Task(x) is likely meant'],
    ['Webfetch(domain:a.b)', 'no tool is called Webfetch; WebFetch(domain:a.b) is likely meant'],
    ['Reads(./.env)', 'no tool is called Reads; Read(./.env) is likely meant'],
    ['Bsh', 'no tool is called Bsh; Bash is likely meant'],
  ])('%j is told with what is likely meant [SEC-1]', (text, hint) => {
    expect(ruleHint(rule(text))).toBe(hint);
  });

  test.each([
    'Bash(rm:*)',
    'mcp__bash',
    'exec_command',
    'apply_patch',
    'shell',
    'Task(x)',
    'Deploy',
    'LS',
    'read',
  ])('%j is left alone [SEC-1]', (text) => {
    expect(ruleHint(rule(text))).toBeUndefined();
  });
});
