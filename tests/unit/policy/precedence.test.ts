import { afterAll, describe, expect, test } from '@jest/globals';
import { decide } from '../../../middleware/features/policy/evaluate-rules.ts';
import { permissionModes } from '../../../middleware/features/policy/permission-mode.ts';
import { policyCallOf } from '../../../middleware/features/policy/policy-call.ts';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({ 'project/a': '', 'project/.git/hooks/x': '' });
afterAll(place.remove);

describe('the rules of all sources together', () => {
  test('deny wins over ask and allow, ask over allow, whoever wrote them [SEC-1]', () => {
    const call = policyCallOf('Bash', { command: 'git push' });
    const behavior = (...rules: Parameters<typeof place.rules>[]) =>
      decide(
        call,
        rules.flatMap((one) => place.rules(...one)),
        place.context,
      ).behavior;
    expect(behavior([{ allow: ['Bash(git:*)'] }, 'enterprise'])).toBe('allow');
    expect(
      behavior([{ allow: ['Bash(git:*)'] }, 'enterprise'], [{ ask: ['Bash(git push:*)'] }, 'user']),
    ).toBe('ask');
    expect(
      behavior(
        [{ allow: ['Bash(git push)'] }, 'enterprise'],
        [{ ask: ['Bash(git push)'] }, 'cli'],
        [{ deny: ['Bash(git:*)'] }, 'project'],
      ),
    ).toBe('deny');
  });

  test('the rule that decided comes with the decision [SEC-1]', () => {
    const settings = { allow: ['Bash(ls:*)', 'Bash(git:*)'] };
    expect(place.ask(settings, 'Bash', { command: 'git pull' })).toEqual({
      behavior: 'allow',
      rule: place.rules(settings)[1],
      reason: `Allowed by the allow rule Bash(git:*) of the user's settings (${place.home}/.claude/settings.json)`,
    });
  });

  test('a command of its own brings rules for its calls only [SEC-1]', () => {
    const extraRules = place.rules({ allow: ['Bash(touch:*)'] }, 'project');
    expect(place.shell({}, 'touch a', { extraRules })).toBe('allow');
    expect(place.shell({}, 'touch a')).toBe('none');
    expect(place.shell({ deny: ['Bash(touch:*)'] }, 'touch a', { extraRules })).toBe('deny');
  });
});

describe('what no rule decides', () => {
  const calls = {
    reading: ['Bash', { command: 'cat a' }],
    making: ['Bash', { command: 'touch b && mkdir c' }],
    makingOutside: ['Bash', { command: 'touch /b' }],
    makingGuarded: ['Bash', { command: 'touch .git/hooks/x' }],
    redirecting: ['Bash', { command: 'echo a > b' }],
    removing: ['Bash', { command: 'rm a' }],
    running: ['Bash', { command: 'make' }],
    editing: ['Edit', { file_path: 'a' }],
    editingOutside: ['Edit', { file_path: '/a' }],
    editingGuarded: ['Write', { file_path: '.git/hooks/x' }],
    fetching: ['WebFetch', { url: 'https://example.com' }],
    calling: ['mcp__docs__read', {}],
  } as const;

  const inMode = (mode: (typeof permissionModes)[number]) =>
    Object.fromEntries(
      Object.entries(calls).map(([name, [tool, input]]) => [
        name,
        place.ask({}, tool, input, { mode }).behavior,
      ]),
    );

  const nothingDecides = Object.fromEntries(Object.keys(calls).map((name) => [name, 'none']));
  const asDefault = { ...nothingDecides, reading: 'allow' };

  test('is left open in the mode default [SEC-1]', () => {
    expect(inMode('default')).toEqual(asDefault);
  });

  test('acceptEdits allows changes inside, but not of what is run or decides what may be run [SEC-1]', () => {
    expect(inMode('acceptEdits')).toEqual({
      ...asDefault,
      making: 'allow',
      redirecting: 'allow',
      editing: 'allow',
    });
  });

  test('plan refuses every known change [SEC-1]', () => {
    expect(inMode('plan')).toEqual({
      ...asDefault,
      making: 'deny',
      makingOutside: 'deny',
      makingGuarded: 'deny',
      redirecting: 'deny',
      removing: 'deny',
      editing: 'deny',
      editingOutside: 'deny',
      editingGuarded: 'deny',
    });
    expect(place.ask({ allow: ['Edit'] }, 'Edit', { file_path: 'a' }, { mode: 'plan' }).behavior).toBe(
      'deny',
    );
  });

  test.each([
    "x['$(touch a)']=1",
    'bash -c "$script"',
    '$program a',
    'echo x | sh',
    'npx touch a',
    'if true; then',
  ])('plan asks about what may change something that nobody sees: %s [SEC-1]', (command) => {
    expect(place.shell({}, command, { mode: 'plan' })).toBe('ask');
    expect(place.shell({ allow: ['Bash'] }, command, { mode: 'plan' })).toBe('ask');
    expect(place.shell({}, command)).toBe('none');
  });

  test('dontAsk refuses what would be a question [SEC-1]', () => {
    expect(inMode('dontAsk')).toEqual({
      ...Object.fromEntries(Object.keys(calls).map((name) => [name, 'deny'])),
      reading: 'allow',
    });
    const asked = place.ask({ ask: ['Bash(ls:*)'] }, 'Bash', { command: 'ls' }, { mode: 'dontAsk' });
    expect(asked.behavior).toBe('deny');
    expect(asked.reason).toContain("has been denied because Codex-Plus is running in don't ask mode");
  });

  test('bypassPermissions allows all of it; rules that deny or ask hold [SEC-1]', () => {
    const mode = 'bypassPermissions';
    expect(new Set(Object.values(inMode(mode)))).toEqual(new Set(['allow']));
    expect(place.shell({ deny: ['Bash(make:*)'] }, 'make', { mode })).toBe('deny');
    expect(place.shell({ ask: ['Bash(make:*)'] }, 'make', { mode })).toBe('ask');
  });
});
