import { describe, expect, test } from '@jest/globals';
import { callQuestion } from '../../../middleware/features/calls/call-question.ts';

const long = 'x '.repeat(2_500);

describe('the question about a call', () => {
  test('shows all of a command, however long its lines are [SEC-1]', () => {
    const question = callQuestion({ tool: 'Bash', input: { command: `echo ${long}; rm y` } }, 'why');
    expect(question).toContain(`    echo ${long}; rm y\n`);
  });

  test('shows the end of what is too long, and tells how much is left out [SEC-1]', () => {
    const command = `${'x'.repeat(30_000)}; rm y`;
    const question = callQuestion({ tool: 'Bash', input: { command } }, 'why');
    expect(question).toContain('; rm y\n');
    expect(question).toContain('… 10006 characters are not shown here …');
  });

  test('is another one where only what is left out differs [SEC-1]', () => {
    const [one, two] = ['rm one', 'rm two'].map((middle) => {
      const command = `${'a'.repeat(12_000)}${middle}${'b'.repeat(12_000)}`;
      return ['Bash', 'mcp__shell__run'].map((tool) => callQuestion({ tool, input: { command } }, 'why'));
    });
    expect(one?.[0]).not.toBe(two?.[0]);
    expect(one?.[1]).not.toBe(two?.[1]);
  });

  test('shows every member of an input beside a command or a long text [SEC-1]', () => {
    const input = { command: 'status', before: long, target: 'production', after: long };
    const question = callQuestion({ tool: 'mcp__deploy__run', input }, 'why');
    expect(question).toContain('"command": "status"');
    expect(question).toContain('"target": "production"');
    expect(question).toContain('characters are not shown here');
    const shell = { command: 'ls', dangerouslyDisableSandbox: true };
    expect(callQuestion({ tool: 'Bash', input: shell }, 'why')).toContain(
      '"dangerouslyDisableSandbox": true',
    );
    const described = { command: 'ls', description: 'to see', timeout: 5 };
    expect(callQuestion({ tool: 'Bash', input: described }, 'why')).toContain(':\n\n    ls\n\nwhy');
  });
});
