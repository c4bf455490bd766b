import { describe, expect, test } from '@jest/globals';
import { hookHash, scriptHash } from '../../../middleware/features/hooks/trust/hook-hash.ts';
import { hooksOf, settingsFile } from '../../support/made-up-hooks.ts';

const command = (text: string, more: object = {}) =>
  hooksOf({ PreToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command: text, ...more }] }] })[0]!;

/** The hash while the project has these files. */
const hashOf = (hook: Parameters<typeof hookHash>[0], files: Readonly<Record<string, string>> = {}) =>
  hookHash(hook, '/shop', (path) => {
    const content = files[path];
    return content === undefined ? undefined : Buffer.from(content);
  });

describe('the definition', () => {
  test('gives the same hash wherever the hook is written, and in whatever order [HK-3]', () => {
    const handler = { type: 'http', url: 'http://x', headers: { a: '1', b: '2' } };
    const turned = { headers: { b: '2', a: '1' }, url: 'http://x', type: 'http' };
    const one = hooksOf({ Stop: [{ hooks: [{ type: 'command', command: 'c' }, handler] }] })[1]!;
    const other = hooksOf({ Stop: [{ hooks: [turned] }] }, settingsFile('project'))[0]!;
    expect(hashOf(other)).toBe(hashOf(one));
    expect(hashOf(one)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('gives another hash when anything in it changes [HK-3]', () => {
    const hooks = [
      command('c'),
      command('d'),
      command('c', { args: [] }),
      command('c', { args: ['x'] }),
      command('c', { timeout: 1 }),
      command('c', { if: 'Bash(git *)' }),
      command('c', { async: true }),
      command('c', { onFailure: 'block' }),
      ...hooksOf({ PreToolUse: [{ hooks: [{ type: 'command', command: 'c' }] }] }),
      ...hooksOf({ PostToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command: 'c' }] }] }),
      ...hooksOf({ PreToolUse: [{ matcher: 'Bash', command: 'c' }] }),
      ...hooksOf({ PreToolUse: [{ matcher: 'Bash', command: 'c', permissions: ['run:c'] }] }),
    ];
    expect(new Set(hooks.map((hook) => hashOf(hook))).size).toBe(hooks.length);
  });
});

describe('a file of the project that the command names', () => {
  const script = '/shop/.claude/hooks/check.sh';
  test.each([
    '.claude/hooks/check.sh',
    './.claude/hooks/check.sh --strict',
    '"$CLAUDE_PROJECT_DIR"/.claude/hooks/check.sh',
    '"${CLAUDE_PROJECT_DIR}/.claude/hooks/check.sh" a',
    'bash $CLAUDE_PROJECT_DIR/.claude/hooks/check.sh',
    'cat x | sh .claude/hooks/check.sh; true',
    'X=1 sh -c ".claude/hooks/check.sh a b"',
    'cd .claude/hooks && ./check.sh',
    '/shop/.claude/hooks/check.sh',
    'sh <.claude/hooks/check.sh',
    'echo $(.claude/hooks/check.sh)',
    'CONFIG=.claude/hooks/check.sh run',
  ])('is part of the hash of %j [HK-3]', (text) => {
    const hook = command(text);
    const hashes = [hashOf(hook), hashOf(hook, { [script]: 'one' }), hashOf(hook, { [script]: 'two' })];
    expect(new Set(hashes).size).toBe(3);
    expect(hashOf(hook, { [script]: 'one', '/shop/other.sh': 'x' })).toBe(hashes[1]);
  });

  test.each([
    'echo run >> .claude/hooks/check.sh',
    'date > .claude/hooks/check.sh; true',
    'cat .claude/hooks/check.sh | grep x | wc -l',
    'test -f .claude/hooks/check.sh && lint &> .claude/hooks/check.sh',
    'cd .claude/hooks && cp a check.sh',
    './run.sh 2>&1 | tee -a .claude/hooks/check.sh',
    './run.sh; echo done >> .claude/hooks/check.sh',
  ])('is no part of the hash of %j, which only writes or reads it [HK-3]', (text) => {
    const hook = command(text);
    expect(hashOf(hook, { [script]: 'one' })).toBe(hashOf(hook, { [script]: 'two' }));
  });

  test.each([
    'echo x > .claude/hooks/check.sh; sh .claude/hooks/check.sh',
    'cat .claude/hooks/check.sh | sh',
    '. .claude/hooks/check.sh',
    'env A=1 python3 -u .claude/hooks/check.sh > log.txt',
    'echo "$(sh .claude/hooks/check.sh)"',
    'echo() { sh "$1"; }; echo .claude/hooks/check.sh',
    'PATH=.:$PATH; cat .claude/hooks/check.sh',
    'echo .claude/hooks/check.sh | xargs sh',
    'cp .claude/hooks/check.sh run.sh; sh run.sh',
    'cat .claude/hooks/check.sh > run.sh; ./run.sh',
    '{ echo .claude/hooks/check.sh; } | xargs sh',
    'unknown-tool --config .claude/hooks/check.sh',
    'echo "unread .claude/hooks/check.sh',
  ])('is part of the hash of %j, which may run it [HK-3]', (text) => {
    const hook = command(text);
    expect(hashOf(hook, { [script]: 'one' })).not.toBe(hashOf(hook, { [script]: 'two' }));
  });

  test('is looked for in the arguments of a hook without a shell, too [HK-3]', () => {
    const hook = command('python3', { args: ['${CLAUDE_PROJECT_DIR}/check.py'] });
    expect(hashOf(hook, { '/shop/check.py': 'one' })).not.toBe(hashOf(hook, { '/shop/check.py': 'two' }));
  });

  test('may have a space in its name [HK-3]', () => {
    const hook = command('"./my check.sh"');
    expect(hashOf(hook, { '/shop/my check.sh': 'one' })).not.toBe(hashOf(hook));
  });

  test('is not looked for outside of the project [HK-3]', () => {
    const asked: string[] = [];
    hookHash(command('/usr/bin/lint ../other/x.sh ~/y.sh . ..'), '/shop', (path) => {
      asked.push(path);
      return undefined;
    });
    expect(asked).toEqual(['/shop/~/y.sh']);
  });
});

test('a script hook is its name and its content [HK-3]', () => {
  const hashes = [
    scriptHash('pre_input.sh', Buffer.from('one')),
    scriptHash('pre_input.sh', Buffer.from('two')),
    scriptHash('post_output.sh', Buffer.from('one')),
  ];
  expect(new Set(hashes).size).toBe(3);
  expect(scriptHash('pre_input.sh', Buffer.from('one'))).toBe(hashes[0]);
});
