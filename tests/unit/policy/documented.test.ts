import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { decide } from '../../../middleware/features/policy/evaluate-rules.ts';
import { policyCallOf, type PolicyCall } from '../../../middleware/features/policy/policy-call.ts';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({ 'project/.env': '', 'project/x': '' });
afterAll(place.remove);

const document = readFileSync('docs/permissions.md', 'utf8');
const bypass = { ...place.context, mode: 'bypassPermissions' } as const;

/** The examples are commands, paths, addresses or calls, as their rule wants. */
function callOf(tool: string, example: string): PolicyCall {
  if (tool === 'Bash') return policyCallOf('Bash', { command: example });
  if (tool === 'WebFetch') return policyCallOf('WebFetch', { url: example });
  if (tool === 'Read' || tool === 'Edit') return policyCallOf(tool, { file_path: example });
  if (tool === 'Write') return policyCallOf('Write', { file_path: example });
  const [, name = example, input = '{}'] = /^(\w+) (\{.*\})$/.exec(example) ?? [];
  return policyCallOf(name, JSON.parse(input) as JsonObject);
}

function codesOf(cell = ''): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

const rows = document
  .split('\n')
  .filter((line) => line.startsWith('| `') && line.split('|').length === 5)
  .map((line) => line.split('|').slice(1, 4).map(codesOf));

const notSeen = (document.split('### What is not seen')[1] ?? '')
  .split('\n## ')[0]!
  .split('\n')
  .filter((line) => line.startsWith('- `'))
  .map((line) => codesOf(line)[0] ?? '');

describe('docs/permissions.md', () => {
  test('has its examples', () => {
    expect(rows.length).toBeGreaterThan(25);
    expect(notSeen.length).toBeGreaterThan(8);
  });

  test.each(rows.map(([[rule = ''] = [], about = [], others = []]) => [rule, about, others] as const))(
    'says what %s is about [SEC-1]',
    (rule, about, others) => {
      const rules = place.rules({ deny: [rule] }, 'project');
      const tool = /^\w+?(?=\(|$)/.exec(rule)?.[0] ?? '';
      const behavior = (example: string) => decide(callOf(tool, example), rules, bypass).behavior;
      expect(about.map(behavior)).toEqual(about.map(() => 'deny'));
      expect(others.map(behavior)).toEqual(others.map(() => 'allow'));
    },
  );

  test.each(notSeen)('says that %s is not seen [SEC-1]', (command) => {
    expect(place.shell({ deny: ['Read(./.env)', 'Bash(rm:*)'] }, command, bypass)).toBe('allow');
  });
});
