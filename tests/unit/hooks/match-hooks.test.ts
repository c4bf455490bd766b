import { describe, expect, test } from '@jest/globals';
import { hookInput, type HookInput } from '../../../middleware/features/hooks/hook-input.ts';
import { matchesName, matchHooks } from '../../../middleware/features/hooks/config/match-hooks.ts';
import { beforeBash, hooksOf, onPrompt, session } from '../../support/made-up-hooks.ts';

describe('a matcher', () => {
  test.each([
    [undefined, true],
    ['', true],
    ['*', true],
    ['Bash', true],
    ['Bash|Edit', true],
    ['Edit | Bash', true],
    ['Edit, Bash', true],
    ['Edit,Bash', true],
    [' Bash ', true],
    ['Bash|', true],
    ['|Bash', true],
    ['B.*', true],
    ['.*', true],
    ['^Bash$', true],
    ['(Bash)', true],
    ['ash$', true],
    ['Bash*', true],
    ['B[a-z]+', true],
    ['\\bBash\\b', true],
    ['^(?!Edit)', true],
    ['bash', false],
    ['Ba', false],
    ['ash', false],
    ['Bash Edit', false],
    ['Edit|Write', false],
    ['|', false],
    ['!Bash', false],
    ['^bash$', false],
    ['Bash(echo *)', false],
    ['[', false],
    ['(?i)bash', false],
  ])('%j on Bash: %j [HK-1]', (matcher, matches) => {
    expect(matchesName(matcher, ['Bash'])).toBe(matches);
  });

  test.each([
    ['mcp__notes__add', true],
    ['mcp__notes__.*', true],
    ['mcp__.*__add', true],
    ['mcp__*', true],
    ['mcp__notes', false],
    ['add', false],
    ['mcp__other__.*', false],
  ])('%j on an MCP tool: %j [HK-1]', (matcher, matches) => {
    expect(matchesName(matcher, ['mcp__notes__add'])).toBe(matches);
  });
});

describe('a matcher that takes for ever', () => {
  test.each(['(a+)+$', '(?=a)(a|aa)+$', '(a?){40}a{40}$', '^(\\w+\\s?)*$'])(
    '%s counts as matching, also the next time and on other names [HK-1]',
    (matcher) => {
      const file = `settings of ${matcher}`;
      const name = `${'a'.repeat(60)}!`;
      expect(matchesName(matcher, [name], file)).toBe(true);
      expect(matchesName(matcher, [name], file)).toBe(true);
    },
  );

  test('does not cost the hooks of other files anything [HK-1]', () => {
    for (let index = 0; index < 8; index++) {
      expect(matchesName(`(a+)+${'x'.repeat(index)}$`, [`${'a'.repeat(60)}!`], 'hostile')).toBe(true);
    }
    expect(matchesName('^(Edit|Write)+$|^Bash.+$', ['Read'], 'hostile')).toBe(true);
    expect(matchesName('^(Edit|Write)+$|^Bash.+$', ['Read'], 'sound')).toBe(false);
  });
});

const runs = (event: string, matcher: string, input: HookInput) =>
  matchHooks(hooksOf({ [event]: [{ matcher, command: 'c' }] }), input, () => true).length === 1;

describe('what a matcher is compared with', () => {
  const call = { tool: 'Edit', input: {}, id: 'call-1' };
  const agent = { id: 'agent-1', type: 'Explore' };
  test.each([
    ['the tool', hookInput(session, 'PreToolUse', { call }), 'Edit'],
    ['the tool', hookInput(session, 'PostToolUse', { call, response: {}, durationMs: 1 }), 'Edit'],
    [
      'the tool',
      hookInput(session, 'PostToolUseFailure', { call, error: 'e', isInterrupt: false, durationMs: 1 }),
      'Edit',
    ],
    ['the tool', hookInput(session, 'PermissionRequest', { call, suggestions: [] }), 'Edit'],
    ['the source', hookInput(session, 'SessionStart', { source: 'resume' }), 'resume'],
    ['the reason', hookInput(session, 'SessionEnd', { reason: 'clear' }), 'clear'],
    ['the trigger', hookInput(session, 'PreCompact', { trigger: 'auto', customInstructions: null }), 'auto'],
    ['the kind', hookInput(session, 'Notification', { message: 'm', type: 'idle_prompt' }), 'idle_prompt'],
    ['the subagent', hookInput({ ...session, agent }, 'SubagentStart', {}), 'Explore'],
    [
      'the command',
      hookInput(session, 'UserPromptExpansion', {
        type: 'slash_command',
        command: 'fix',
        args: '',
        source: 'projectSettings',
        prompt: '/fix',
      }),
      'fix',
    ],
  ])('%s of %j [HK-1]', (_, input, name) => {
    const event = input.hook_event_name;
    expect([runs(event, name, input), runs(event, '*', input), runs(event, 'other', input)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('nothing for prompts and stops: their matcher is ignored [HK-1]', () => {
    const stop = hookInput(session, 'Stop', { isStopHookActive: false, lastAssistantMessage: '' });
    expect([runs('Stop', 'other', stop), runs('UserPromptSubmit', 'other', onPrompt('p'))]).toEqual([
      true,
      true,
    ]);
  });

  test('both names of the tool that starts a subagent, by list and by pattern [HK-1]', () => {
    const input = hookInput(session, 'PreToolUse', { call: { ...call, tool: 'Agent' } });
    expect(
      ['Agent', 'Task', 'T.*', 'A.*', 'Task|Bash'].map((matcher) => runs('PreToolUse', matcher, input)),
    ).toEqual([true, true, true, true, true]);
  });

  test('an unknown subagent is matched by what matches all only [HK-1]', () => {
    const input = hookInput(session, 'SubagentStart', {});
    expect([runs('SubagentStart', 'Explore', input), runs('SubagentStart', '*', input)]).toEqual([
      false,
      true,
    ]);
  });
});

describe('a condition', () => {
  const conditional = (event: string) =>
    hooksOf({ [event]: [{ command: 'c', if: 'Bash(git *)' }, { command: 'always' }] });

  test('has to fit the tool call as well [HK-1]', () => {
    const asked: string[] = [];
    const count = (fits: boolean) =>
      matchHooks(conditional('PreToolUse'), beforeBash('git push'), (rule) => {
        asked.push(rule);
        return fits;
      }).length;
    expect([count(true), count(false)]).toEqual([2, 1]);
    expect(asked).toEqual(['Bash(git *)', 'Bash(git *)']);
  });

  test('keeps a hook from running where there is no tool call [HK-1]', () => {
    expect(matchHooks(conditional('UserPromptSubmit'), onPrompt('p'), () => true)).toHaveLength(1);
  });
});

test('hooks of other events do not run, the others keep their order [HK-1]', () => {
  const entries = hooksOf({
    Stop: [{ command: 's' }],
    UserPromptSubmit: [{ command: 'a' }, { command: 'b' }],
  });
  expect(matchHooks(entries, onPrompt('p'), () => true)).toEqual(entries.slice(1));
});
