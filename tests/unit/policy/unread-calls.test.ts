import { describe, expect, test } from '@jest/globals';
import { ruleAboutUnread } from '../../../middleware/features/policy/unread-calls.ts';
import type { PermissionRule } from '../../../middleware/kernel/permission-rule.ts';

const source = { scope: 'user', family: 'claude', file: '/f', baseDir: '/' } as const;

function rule(text: string, behavior: PermissionRule['behavior'] = 'deny'): PermissionRule {
  return { text, behavior, source };
}

const shell = ['Bash', 'Edit', 'Write', 'exec_command'];

describe('a call whose input nobody can read', () => {
  test.each<[string, readonly string[] | 'any']>([
    ['Bash', shell],
    ['Bash(rm:*)', shell],
    ['Read(./.env)', shell],
    ['Edit(src/**)', shell],
    ['Edit', shell],
    ['Write', shell],
    ['exec_command', shell],
    ['Edit(src/**)', ['Write']],
    ['Edit(src/**)', ['Bash']],
    ['Read(./.env)', ['Read', 'view_image']],
    ['mcp__docs', ['mcp__docs__read']],
    ['mcp__docs__r*', ['mcp__docs__read']],
    ['mcp__docs__read(a:1)', ['mcp__docs__read']],
    ['Bash(rm:*)', 'any'],
    ['Read(./.env)', 'any'],
    ['Edit', 'any'],
    ['Write', 'any'],
    ['mcp__docs__write', 'any'],
    ['spawn_agent', 'any'],
  ])('may be what %s is about, as one of %j [SEC-1]', (text, tools) => {
    expect(ruleAboutUnread(tools, [rule('Skill'), rule(text)])?.text).toBe(text);
    expect(ruleAboutUnread(tools, [rule(text, 'ask')])?.text).toBe(text);
    expect(ruleAboutUnread(tools, [rule(text, 'allow')])).toBeUndefined();
  });

  test.each<[string, readonly string[] | 'any']>([
    ['Bash(rm:*)', ['Read', 'view_image']],
    ['Bash(rm:*)', ['mcp__docs__read']],
    ['Read', ['Bash']],
    ['Edit', ['Bash', 'Write']],
    ['Write', ['Edit']],
    ['Read(./.env)', ['Edit', 'Write', 'apply_patch']],
    ['mcp__docs__write', ['mcp__docs__read']],
    ['mcp__docs', shell],
    ['WebFetch(domain:example.com)', 'any'],
    ['Agent(Explore)', 'any'],
    ['Write(src/**)', 'any'],
    ['Bash()', shell],
    ['not a rule', 'any'],
    ['Bash', []],
  ])('is not what %s is about, as one of %j [SEC-1]', (text, tools) => {
    expect(ruleAboutUnread(tools, [rule(text)])).toBeUndefined();
  });
});
