import { afterAll, describe, expect, test } from '@jest/globals';
import { decide } from '../../../middleware/features/policy/evaluate-rules.ts';
import { policyCallOf } from '../../../middleware/features/policy/policy-call.ts';
import { claudeToolName } from '../../../middleware/protocol/claude-tools/mcp-tool-name.ts';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({});
afterAll(place.remove);

const bypass = { mode: 'bypassPermissions' } as const;

describe('MCP tools', () => {
  const tools = [
    'mcp__docs__read',
    'mcp__docs__read_all',
    'mcp__docs__write',
    'mcp__docsx__read',
    'mcp__my-s_x__a',
  ];
  const covered = (behavior: 'allow' | 'deny', rule: string) =>
    tools.filter((tool) => place.ask({ [behavior]: [rule] }, tool, {}).behavior === behavior);

  test.each([
    ['mcp__docs', ['mcp__docs__read', 'mcp__docs__read_all', 'mcp__docs__write']],
    ['mcp__docs__*', ['mcp__docs__read', 'mcp__docs__read_all', 'mcp__docs__write']],
    ['mcp__docs__read', ['mcp__docs__read']],
    ['mcp__docs__read*', ['mcp__docs__read', 'mcp__docs__read_all']],
    ['mcp__my-s_x', ['mcp__my-s_x__a']],
    ['mcp__DOCS', []],
    ['mcp__docs(read)', []],
  ])('%s allows and denies the same tools [SEC-1]', (rule, expected) => {
    expect([covered('allow', rule), covered('deny', rule)]).toEqual([expected, expected]);
  });

  test('a rule that names no server denies, but does not allow [SEC-1]', () => {
    expect(covered('deny', 'mcp__*')).toEqual(tools);
    expect(covered('allow', 'mcp__*')).toEqual([]);
    expect(covered('allow', 'mcp__d*')).toEqual([]);
  });

  test.each([
    // The rule, the server and its tool, the servers that there are, and whether the rule allows the call.
    ['mcp__notes', 'notes', 'evil__x', ['notes'], true],
    ['mcp__notes', 'notes__evil', 'x', ['notes__evil'], false],
    ['mcp__notes__*', 'notes__evil', 'x', ['notes__evil'], false],
    ['mcp__notes__evil*', 'notes__evil', 'x', ['notes__evil'], false],
    ['mcp__notes__evil', 'notes__evil', 'x', ['notes__evil'], true],
    ['mcp__notes__evil', 'notes__evil', 'x', ['notes', 'notes__evil'], false],
    ['mcp__a__b__c', 'a__b', 'c', ['a__b'], true],
    ['mcp__a__b__c', 'a__b', 'c', ['a', 'a__b'], false],
    ['mcp__a__b__c', 'a', 'b__c', ['a', 'a__b'], false],
    ['mcp__my_notes', 'my notes', 'x', ['my notes'], true],
    ['mcp__my_notes', 'my notes', 'x', ['my notes', 'my_notes'], false],
  ])(
    '%s allows no other server than the one that it names: %s, tool %s [SEC-1]',
    (rule, server, tool, servers, isAllowed) => {
      const decided = (behavior: 'allow' | 'deny') =>
        decide(
          policyCallOf(claudeToolName(server, tool), {}, { server, tool }),
          place.rules({ [behavior]: [rule] }),
          { ...place.context, servers },
        ).behavior;
      expect([decided('allow'), decided('deny')]).toEqual([isAllowed ? 'allow' : 'none', 'deny']);
    },
  );

  test('where only a joined name is known, a rule allows what has one meaning, or is the name [SEC-1]', () => {
    const allows = (rule: string, tool: string) =>
      place.ask({ allow: [rule] }, tool, {}).behavior === 'allow';
    expect(allows('mcp__notes', 'mcp__notes__evil__x')).toBe(false);
    expect(allows('mcp__notes__*', 'mcp__notes__evil__x')).toBe(false);
    expect(allows('mcp__notes__evil__x', 'mcp__notes__evil__x')).toBe(true);
    expect(place.ask({ deny: ['mcp__notes'] }, 'mcp__notes__evil__x', {}).behavior).toBe('deny');
  });

  test('the reasons name the tool [SEC-1]', () => {
    expect(place.ask({ deny: ['mcp__docs'] }, 'mcp__docs__read', {}).reason).toBe(
      'No such tool available: mcp__docs__read',
    );
    expect(place.ask({}, 'mcp__docs__read', {})).toEqual({
      behavior: 'none',
      reason: "Claude requested permissions to use mcp__docs__read, but you haven't granted it yet.",
    });
  });
});

describe('WebFetch', () => {
  const fetch = (settings: Parameters<typeof place.ask>[0], url: string) =>
    place.ask(settings, 'WebFetch', { url, prompt: 'p' }, bypass);

  test.each([
    ['https://example.com/x', 'deny'],
    ['http://EXAMPLE.com:8080', 'deny'],
    ['https://user@example.com./', 'deny'],
    ['https://sub.example.com/', 'allow'],
    ['https://example.com.evil/', 'allow'],
    ['https://other/?u=example.com', 'allow'],
    ['not a url', 'ask'],
  ])('WebFetch(domain:example.com) is about the host of %s: %s [SEC-1]', (url, behavior) => {
    expect(fetch({ deny: ['WebFetch(domain:example.com)'] }, url).behavior).toBe(behavior);
  });

  test('a host can be allowed; nothing is without a rule [SEC-1]', () => {
    const allowed = (rule: string, url: string) => place.ask({ allow: [rule] }, 'WebFetch', { url }).behavior;
    expect(allowed('WebFetch(domain:example.com)', 'https://example.com')).toBe('allow');
    expect(allowed('WebFetch(domain:example.com)', 'https://sub.example.com')).toBe('none');
    expect(allowed('WebFetch', 'https://example.com')).toBe('allow');
    expect(place.ask({}, 'WebFetch', { url: 'https://example.com' }).behavior).toBe('none');
  });

  test('the reason names the host [SEC-1]', () => {
    expect(fetch({ deny: ['WebFetch(domain:example.com)'] }, 'https://example.com').reason).toBe(
      'WebFetch denied access to domain:example.com.',
    );
  });
});

describe('subagents, skills and other tools', () => {
  test.each([
    ['Agent(Explore)', 'Agent', { subagent_type: 'Explore' }, 'deny'],
    ['Task(Explore)', 'Agent', { subagent_type: 'Explore' }, 'deny'],
    ['Agent(Explore)', 'Task', { subagent_type: 'Explore' }, 'deny'],
    ['Agent(Explore)', 'Agent', { subagent_type: 'Plan' }, 'allow'],
    ['Agent', 'Agent', { subagent_type: 'Plan' }, 'deny'],
    ['Agent(model:opus)', 'Agent', { subagent_type: 'Plan', model: 'opus' }, 'deny'],
    ['Agent(model:o*s)', 'Agent', { subagent_type: 'Plan', model: 'opus' }, 'deny'],
    ['Agent(model:opus)', 'Agent', { subagent_type: 'Plan', model: 'haiku' }, 'allow'],
    ['Agent(model:opus)', 'Agent', { subagent_type: 'Plan' }, 'allow'],
    ['Skill(commit)', 'Skill', { skill: 'commit' }, 'deny'],
    ['Skill(commit)', 'Skill', { skill: 'commit', args: 'x' }, 'deny'],
    ['Skill(commit)', 'Skill', { skill: 'commits' }, 'allow'],
    ['Skill(review:*)', 'Skill', { skill: 'review' }, 'deny'],
    ['Skill(review *)', 'Skill', { skill: 'review', args: 'a b' }, 'deny'],
    ['Skill(review a:*)', 'Skill', { skill: 'review', args: 'a b' }, 'deny'],
    ['Skill(review a:*)', 'Skill', { skill: 'review', args: 'b' }, 'allow'],
    ['WebSearch', 'WebSearch', { query: 'x' }, 'deny'],
    ['WebSearch', 'TodoWrite', {}, 'allow'],
    ['NoSuchTool', 'Bash', { command: 'ls' }, 'allow'],
  ])('with %s denied, %s of %j: %s [SEC-1]', (rule, tool, input, behavior) => {
    expect(place.ask({ deny: [rule] }, tool, input, bypass).behavior).toBe(behavior);
  });

  test('a parameter rule allows nothing [SEC-1]', () => {
    expect(place.ask({ allow: ['Agent(model:opus)'] }, 'Agent', { model: 'opus' }).behavior).toBe('none');
  });

  test('the reasons say what was denied and by whom [SEC-1]', () => {
    const input = { subagent_type: 'Explore', model: 'opus' };
    expect(place.ask({ deny: ['Task(Explore)'] }, 'Agent', input).reason).toBe(
      "Agent type 'Explore' has been denied by permission rule 'Agent(Explore)' from userSettings.",
    );
    expect(place.ask({ deny: ['Agent(model:opus)'] }, 'Agent', input).reason).toBe(
      'Permission to use Agent with model:opus has been denied.',
    );
    expect(place.ask({ deny: ['Bash'] }, 'Bash', { command: 'ls' }).reason).toBe(
      'No such tool available: Bash. Bash is disabled for this session, in subagents as well as here.',
    );
  });
});
