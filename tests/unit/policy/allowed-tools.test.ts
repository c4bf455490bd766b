import { describe, expect, test } from '@jest/globals';
import { parseAllowedTools } from '../../../middleware/features/policy/allowed-tools.ts';
import type { ConfigSource } from '../../../middleware/kernel/config-source.ts';

const source: ConfigSource = { scope: 'project', family: 'claude', file: '/p/c.md', baseDir: '/p' };
const texts = (value: unknown) => parseAllowedTools(value, source).map(({ text }) => text);

describe('allowed-tools', () => {
  test.each([
    ['Bash', ['Bash']],
    ['Read, Bash(git add:*), Bash(git commit:*)', ['Read', 'Bash(git add:*)', 'Bash(git commit:*)']],
    ['Read Bash(git add:*) Grep', ['Read', 'Bash(git add:*)', 'Grep']],
    ['Read,Grep', ['Read', 'Grep']],
    ['Bash(echo a, b),Read', ['Bash(echo a, b)', 'Read']],
    ['Bash(echo "(a b)" *) Read', ['Bash(echo "(a b)" *)', 'Read']],
    [
      ['Read', 'Bash(git add:*)'],
      ['Read', 'Bash(git add:*)'],
    ],
    [
      ['Read, Grep', 5, null],
      ['Read', 'Grep'],
    ],
    ['mcp__docs__*  ,  WebFetch(domain:a.b)', ['mcp__docs__*', 'WebFetch(domain:a.b)']],
    ['', []],
    [undefined, []],
    [{ Bash: true }, []],
  ])('%j is the rules %j [SEC-1]', (value, expected) => {
    expect(texts(value)).toEqual(expected);
  });

  test('the rules carry their source and what they do [SEC-1]', () => {
    expect(parseAllowedTools('Bash(ls:*)', source)).toEqual([
      { behavior: 'allow', text: 'Bash(ls:*)', source },
    ]);
    expect(parseAllowedTools('Bash', source, 'deny')).toEqual([{ behavior: 'deny', text: 'Bash', source }]);
  });
});
