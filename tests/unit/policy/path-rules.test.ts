import { afterAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { decide } from '../../../middleware/features/policy/evaluate-rules.ts';
import { policyCallOf } from '../../../middleware/features/policy/policy-call.ts';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({
  'project/.env': '',
  'project/.env.local': '',
  'project/a.key': '',
  'project/sub/.env': '',
  'project/sub/a.key': '',
  'project/sub/secrets/c': '',
  'project/secrets/a': '',
  'project/secrets/deep/b': '',
  'project/secretsx/a': '',
  'project/src/main.c': '',
  'project/link': '→ project/.env',
  'project/folder': '→ project/secrets',
  'project/way-out': '→ elsewhere',
  'elsewhere/.env': '',
  'elsewhere/secrets/a': '',
  'home/notes/a': '',
  'home/.claude/secrets/a': '',
});
afterAll(place.remove);

const bypass = { mode: 'bypassPermissions' } as const;
const files = [
  '.env',
  '.env.local',
  'a.key',
  'sub/.env',
  'sub/a.key',
  'sub/secrets/c',
  'secrets/a',
  'secrets/deep/b',
  'secretsx/a',
  'src/main.c',
  'link',
  'folder/a',
];

function deniedBy(rule: string, scope: 'user' | 'project' = 'user'): readonly string[] {
  const rules = place.rules({ deny: [rule] }, scope);
  const context = { ...place.context, ...bypass };
  return files.filter(
    (path) => decide(policyCallOf('Read', { file_path: path }), rules, context).behavior === 'deny',
  );
}

describe('a pattern', () => {
  test.each([
    ['Read(.env)', ['.env', 'sub/.env', 'link']],
    ['Read(./.env)', ['.env', 'sub/.env', 'link']],
    ['Read(.ENV)', ['.env', 'sub/.env', 'link']],
    ['Read(**/.env)', ['.env', 'sub/.env', 'link']],
    ['Read(.env*)', ['.env', '.env.local', 'sub/.env', 'link']],
    ['Read(*.key)', ['a.key', 'sub/a.key']],
    ['Read(sub/*.key)', ['sub/a.key']],
    ['Read(secrets/**)', ['sub/secrets/c', 'secrets/a', 'secrets/deep/b', 'folder/a']],
    ['Read(secrets/)', ['sub/secrets/c', 'secrets/a', 'secrets/deep/b', 'folder/a']],
    ['Read(secrets)', ['sub/secrets/c', 'secrets/a', 'secrets/deep/b', 'folder/a']],
    ['Read(secrets/*)', ['secrets/a', 'secrets/deep/b', 'folder/a']],
    ['Read(sub/secrets/**)', ['sub/secrets/c']],
    ['Read(**)', files],
    ['Read(./**)', files],
    ['Read(src/main.?)', ['src/main.c']],
    ['Read(src/*.[ch])', ['src/main.c']],
    ['Read(~/notes/**)', []],
    ['Read(../elsewhere/**)', []],
    ['Read(!.env)', []],
    ['Read(#x)', []],
    ['Read(file_path:*.key)', []],
    ['read(.env)', []],
    ['Read (.env)', []],
  ])('%s is about the files that gitignore would name [SEC-1]', (rule, denied) => {
    expect(deniedBy(rule)).toEqual(denied);
  });

  test('with one slash starts at the folder of its settings [SEC-1]', () => {
    expect(deniedBy('Read(/secrets/**)', 'project')).toEqual(['secrets/a', 'secrets/deep/b', 'folder/a']);
    expect(deniedBy('Read(/secrets/**)', 'user')).toEqual([]);
    const file_path = join(place.home, '.claude/secrets/a');
    expect(place.ask({ deny: ['Read(/secrets/**)'] }, 'Read', { file_path }, bypass).behavior).toBe('deny');
  });

  test('with two slashes starts at the root [SEC-1]', () => {
    expect(deniedBy(`Read(/${place.project}/secrets/**)`)).toEqual([
      'secrets/a',
      'secrets/deep/b',
      'folder/a',
    ]);
    expect(deniedBy(`Read(${place.project}/secrets/**)`)).toEqual([]);
    expect(deniedBy('Read(//**)')).toEqual(files);
  });

  test('with a tilde starts at home, whichever way the file is named [SEC-1]', () => {
    const settings = { deny: ['Read(~/notes/**)'] };
    const names = ['~/notes/a', join(place.home, 'notes/a'), '../home/notes/a'];
    expect(names.map((file_path) => place.ask(settings, 'Read', { file_path }, bypass).behavior)).toEqual([
      'deny',
      'deny',
      'deny',
    ]);
  });

  test('is not about what lies outside of where it starts [SEC-1]', () => {
    const settings = { deny: ['Read(.env)', 'Read(secrets/**)'] };
    const file_path = '../elsewhere/.env';
    expect(place.ask(settings, 'Read', { file_path }, bypass).behavior).toBe('allow');
  });
});

describe('links', () => {
  test('are denied by their own name and by that of their target, with words of their own [SEC-1]', () => {
    const ask = (rule: string, file_path: string) =>
      place.ask({ deny: [rule] }, 'Read', { file_path }, bypass);
    expect(ask('Read(.env)', '.env').reason).toBe(
      'File is in a directory that is denied by your permission settings.',
    );
    expect(ask('Read(.env)', 'link').reason).toBe(
      `Permission to read ${join(place.project, 'link')} has been denied.`,
    );
    expect(ask('Read(link)', 'link').behavior).toBe('deny');
  });

  test('are allowed only where their target is as well [SEC-1]', () => {
    const read = (file_path: string) => place.ask({}, 'Read', { file_path }).behavior;
    expect([read('link'), read('way-out/.env'), read('way-out/new')]).toEqual(['allow', 'none', 'none']);
    const elsewhere = join(place.project, '../elsewhere');
    const byLink = { allow: ['Read(way-out/**)'] };
    const byBoth = { allow: ['Read(way-out/**)', `Read(/${elsewhere}/**)`] };
    const ask = (settings: typeof byLink) =>
      place.ask(settings, 'Read', { file_path: 'way-out/.env' }).behavior;
    expect([ask(byLink), ask(byBoth)]).toEqual(['none', 'allow']);
  });

  test('above a file that is not there yet are followed [SEC-1]', () => {
    const file_path = 'folder/new/file';
    expect(place.ask({ deny: ['Edit(secrets/**)'] }, 'Write', { file_path }, bypass)).toMatchObject({
      behavior: 'deny',
      reason: `Permission to edit ${join(place.project, file_path)} has been denied.`,
    });
  });
});

describe('tools', () => {
  const behaviors = (rules: Parameters<typeof place.ask>[0], tools: readonly string[], more = {}) =>
    tools.map(
      (tool) => place.ask(rules, tool, { file_path: 'src/main.c', path: 'src/main.c' }, more).behavior,
    );

  test('Edit(path) covers all tools that change files, Read(path) all that read them [SEC-1]', () => {
    const changing = ['Edit', 'MultiEdit', 'Write', 'NotebookEdit'];
    const reading = ['Read', 'Grep', 'Glob', 'LS'];
    expect(behaviors({ deny: ['Edit(src/**)'] }, [...changing, ...reading], bypass)).toEqual([
      ...changing.map(() => 'deny'),
      ...reading.map(() => 'allow'),
    ]);
    expect(behaviors({ deny: ['Read(src/**)'] }, [...changing, ...reading], bypass)).toEqual([
      ...changing.map(() => 'allow'),
      ...reading.map(() => 'deny'),
    ]);
    expect(behaviors({ allow: ['Edit(src/**)'] }, changing)).toEqual(changing.map(() => 'allow'));
  });

  test('Write(path) matches nothing; Write and Edit alone are those tools only [SEC-1]', () => {
    const tools = ['Write', 'Edit'];
    expect(behaviors({ allow: ['Write(src/**)'] }, tools)).toEqual(['none', 'none']);
    expect(behaviors({ allow: ['Write'] }, tools)).toEqual(['allow', 'none']);
    expect(behaviors({ allow: ['Edit'] }, tools)).toEqual(['none', 'allow']);
  });

  test('a notebook is named by its own parameter [SEC-1]', () => {
    const notebook_path = 'src/a.ipynb';
    expect(place.ask({ deny: ['Edit(src/**)'] }, 'NotebookEdit', { notebook_path }, bypass).behavior).toBe(
      'deny',
    );
  });

  test('a search without a path starts from the working directory [SEC-1]', () => {
    expect(place.ask({}, 'Grep', { pattern: 'x' }).behavior).toBe('allow');
    expect(place.ask({ deny: [`Read(/${place.project})`] }, 'Grep', { pattern: 'x' }).behavior).toBe('deny');
  });

  test('nothing allows a change or a reading outside, and the reason says which [SEC-1]', () => {
    expect(place.ask({}, 'Write', { file_path: 'new' })).toEqual({
      behavior: 'none',
      reason: `Claude requested permissions to write to ${join(place.project, 'new')}, but you haven't granted it yet.`,
    });
    expect(place.ask({}, 'Read', { file_path: '/etc/hostname' })).toEqual({
      behavior: 'none',
      reason: "Claude requested permissions to read from /etc/hostname, but you haven't granted it yet.",
    });
    expect(place.ask({ ask: ['Read(src/**)'] }, 'Read', { file_path: 'src/main.c' }).behavior).toBe('ask');
  });
});

test('a pattern that takes too long to test refuses, and allows nothing [SEC-1]', () => {
  const slow = 'Read(**/a/**/a/**/a/**/a/**/b)';
  const call = { file_path: 'a/'.repeat(1_000) + 'c' };
  expect(place.ask({ deny: [slow] }, 'Read', call, bypass)).toMatchObject({
    behavior: 'deny',
    isUntested: true,
    // It is not known whether the rule is about the file, and nobody is told that it is.
    reason: expect.stringMatching(
      /^This use of Read cannot be allowed: the deny rule Read\(\*\*\/a.* could not be tested in time, so whether it is about this call is not known\.$/,
    ),
  });
  expect(place.ask({ ask: [slow] }, 'Read', call, bypass)).toMatchObject({
    behavior: 'ask',
    isUntested: true,
  });
  expect(place.ask({ deny: ['Read(*.c)', slow] }, 'Read', { file_path: 'x.c' }, bypass)).not.toHaveProperty(
    'isUntested',
  );
  const outside = { file_path: `/elsewhere/${call.file_path}` };
  expect(place.ask({ allow: [`Read(//elsewhere/${slow.slice(5)}`] }, 'Read', outside).behavior).toBe('none');
});

test('a pattern that begins with **/ and has one star more is quick, and asked even where others of its file are slow [SEC-1]', () => {
  const slow = ['c', 'd', 'e', 'f', 'g'].map((end) => `Read(**/a/**/a/**/a/**/a/**/${end})`);
  const deep = { file_path: `${'a/'.repeat(60)}x` };
  for (const rule of slow) expect(place.ask({ deny: [rule] }, 'Read', deep, bypass).behavior).toBe('deny');
  const quick = { deny: ['Read(**/.env)', 'Read(**/*.key)'] };
  expect(place.ask(quick, 'Read', { file_path: 'src/main.c' }, bypass).behavior).toBe('allow');
  expect(place.ask(quick, 'Read', { file_path: 'sub/.env' }, bypass).behavior).toBe('deny');
  expect(place.ask(quick, 'Read', { file_path: 'sub/a.key' }, bypass).behavior).toBe('deny');
});

describe('a rule with an exclamation mark', () => {
  const read = (settings: Parameters<typeof place.ask>[0], file: string) =>
    place.ask(settings, 'Read', { file_path: file }, bypass).behavior;

  test('takes files out of the rules before it in the same list, for shell lines too [SEC-1]', () => {
    const settings = { deny: ['Read(*.key)', 'Read(!sub/a.key)'] };
    expect(read(settings, 'a.key')).toBe('deny');
    expect(read(settings, 'sub/a.key')).toBe('allow');
    expect(place.shell(settings, 'cat a.key', bypass)).toBe('deny');
    expect(place.shell(settings, 'cat sub/a.key', bypass)).toBe('allow');
  });

  test('takes nothing out of later rules, of another list or of rules with another start [SEC-1]', () => {
    expect(read({ deny: ['Read(!a.key)', 'Read(*.key)'] }, 'a.key')).toBe('deny');
    expect(read({ deny: ['Read(*.key)'], ask: ['Read(!a.key)'] }, 'a.key')).toBe('deny');
    expect(read({ deny: ['Read(*.key)', 'Edit(!a.key)', 'Read(!//a.key)'] }, 'a.key')).toBe('deny');
    const rules = [
      ...place.rules({ deny: ['Read(*.key)'] }, 'user'),
      ...place.rules({ deny: ['Read(!a.key)'] }, 'project'),
    ];
    const call = policyCallOf('Read', { file_path: 'a.key' });
    expect(decide(call, rules, { ...place.context, ...bypass }).behavior).toBe('deny');
  });

  test('denies and allows nothing by itself [SEC-1]', () => {
    expect(read({ deny: ['Read(!a.key)'] }, '.env')).toBe('allow');
    const outside = { file_path: '/elsewhere/b' };
    expect(place.ask({ allow: ['Read(!//elsewhere/a)'] }, 'Read', outside).behavior).toBe('none');
  });
});
