import { describe, expect, test } from '@jest/globals';
import { parseHooks } from '../../../middleware/features/hooks/config/parse-hooks.ts';
import { selectHooks } from '../../../middleware/features/hooks/config/select-hooks.ts';
import { hooksOf, settingsFile } from '../../support/made-up-hooks.ts';

const source = settingsFile();
const parse = (value: unknown) => parseHooks([{ source, value }]);
const group = (hook: object, matcher?: string) => [
  { ...(matcher !== undefined && { matcher }), hooks: [hook] },
];

test('a hook of each kind is read with its defaults [HK-1]', () => {
  const hooks = [
    { type: 'command', command: 'lint', args: ['--fix'], shell: 'bash' },
    { type: 'http', url: 'http://127.0.0.1/h', headers: { 'x-key': '$KEY' }, allowedEnvVars: ['KEY'] },
    { type: 'mcp_tool', server: 'notes', tool: 'add', input: { text: '${tool_name}' } },
    { type: 'prompt', prompt: 'Is it safe?', model: 'small' },
    { type: 'agent', prompt: 'Look around' },
  ];
  const { entries, problems } = parse({ PreToolUse: [{ matcher: 'Bash', hooks }] });
  expect(problems).toEqual([]);
  const defaults = {
    event: 'PreToolUse',
    matcher: 'Bash',
    condition: undefined,
    timeoutMs: 600_000,
    statusMessage: undefined,
    once: false,
    async: false,
    onFailure: 'report',
    permissions: undefined,
    source,
  };
  expect(entries).toEqual([
    {
      ...defaults,
      index: 0,
      handler: { kind: 'command', command: 'lint', args: ['--fix'], placeholders: false },
    },
    {
      ...defaults,
      index: 1,
      handler: {
        kind: 'http',
        url: 'http://127.0.0.1/h',
        headers: { 'x-key': '$KEY' },
        allowedEnvVars: ['KEY'],
      },
    },
    {
      ...defaults,
      index: 2,
      handler: { kind: 'mcp_tool', server: 'notes', tool: 'add', input: { text: '${tool_name}' } },
    },
    {
      ...defaults,
      index: 3,
      timeoutMs: 30_000,
      handler: { kind: 'prompt', prompt: 'Is it safe?', model: 'small' },
    },
    {
      ...defaults,
      index: 4,
      timeoutMs: 60_000,
      handler: { kind: 'agent', prompt: 'Look around', model: undefined },
    },
  ]);
});

test('the fields that every hook may have are kept [HK-1]', () => {
  const hook = {
    type: 'command',
    command: 'c',
    if: 'Bash(git *)',
    timeout: 2.5,
    statusMessage: 'checking',
    once: true,
    async: true,
    onFailure: 'block',
  };
  expect(hooksOf({ PostToolUse: group(hook) })[0]).toMatchObject({
    matcher: undefined,
    condition: 'Bash(git *)',
    timeoutMs: 2500,
    statusMessage: 'checking',
    once: true,
    async: true,
    onFailure: 'block',
  });
});

test('a hook that would wake the model later is one that nothing waits for [HK-1]', () => {
  expect(hooksOf({ Stop: group({ type: 'command', command: 'c', asyncRewake: true }) })[0]?.async).toBe(true);
});

test.each([
  ['PreToolUse', { type: 'command', command: 'c' }, 600_000],
  ['Stop', { type: 'http', url: 'http://x' }, 600_000],
  ['UserPromptSubmit', { type: 'command', command: 'c' }, 30_000],
  ['SessionEnd', { type: 'command', command: 'c' }, 1_500],
  ['SessionEnd', { type: 'command', command: 'c', timeout: 10 }, 10_000],
  ['Stop', { type: 'prompt', prompt: 'p' }, 30_000],
])('the time limit on %s of %j is %i ms [HK-4]', (event, hook, timeoutMs) => {
  expect(hooksOf({ [event]: group(hook) })[0]?.timeoutMs).toBe(timeoutMs);
});

describe('the short form', () => {
  test('becomes a command with placeholders, five seconds and what it declares [HK-1] [HK-4]', () => {
    const command = "echo 'Writing to: $file' >> .codex-plus.log";
    const [hook] = hooksOf({ PreToolUse: [{ matcher: 'Write', command, permissions: ['run:echo'] }] });
    expect(hook).toEqual({
      event: 'PreToolUse',
      matcher: 'Write',
      condition: undefined,
      handler: { kind: 'command', command, args: undefined, placeholders: true },
      timeoutMs: 5_000,
      statusMessage: undefined,
      once: false,
      async: false,
      onFailure: 'report',
      permissions: ['run:echo'],
      source,
      index: 0,
    });
  });

  test('keeps its own timeout [HK-4]', () => {
    expect(hooksOf({ Stop: [{ command: 'c', timeout: 7 }] })[0]?.timeoutMs).toBe(7_000);
  });

  test('stands beside the other form in one list [HK-1]', () => {
    const value = { Stop: [{ command: 'short' }, ...group({ type: 'command', command: 'long' })] };
    expect(hooksOf(value).map((hook) => [hook.index, hook.handler])).toEqual([
      [0, { kind: 'command', command: 'short', args: undefined, placeholders: true }],
      [1, { kind: 'command', command: 'long', args: undefined, placeholders: false }],
    ]);
  });
});

describe('what is broken is left out, with its place and the reason', () => {
  const good = { type: 'command', command: 'good' };
  test.each([
    ['an unknown event', { Nope: group(good) }, 'hooks.Nope', 'is not an event'],
    [
      'an unknown kind',
      { Stop: group({ type: 'python' }) },
      'hooks.Stop[0].hooks[0]',
      'type "python" is not a kind of hook',
    ],
    [
      'no kind',
      { Stop: group({ command: 'c' }) },
      'hooks.Stop[0].hooks[0]',
      'type "undefined" is not a kind of hook',
    ],
    ['no command', { Stop: group({ type: 'command' }) }, 'hooks.Stop[0].hooks[0]', 'has no command'],
    [
      'a timeout in words',
      { Stop: group({ ...good, timeout: '5' }) },
      'hooks.Stop[0].hooks[0]',
      'timeout must be a number above 0, not string',
    ],
    [
      'no time at all',
      { Stop: group({ ...good, timeout: 0 }) },
      'hooks.Stop[0].hooks[0]',
      'timeout must be a number above 0, not number',
    ],
    ['a hook without its list', { Stop: [good] }, 'hooks.Stop[0]', 'has no list of hooks'],
    ['a text in place of a group', { Stop: ['c'] }, 'hooks.Stop[0]', 'must be an object, not string'],
    [
      'a text in place of a hook',
      { Stop: [{ hooks: ['c'] }] },
      'hooks.Stop[0].hooks[0]',
      'must be an object, not string',
    ],
    [
      'a matcher that is a number',
      { Stop: [{ matcher: 1, hooks: [good] }] },
      'hooks.Stop[0]',
      'matcher must be a string, not number',
    ],
    [
      'permissions that are a text',
      { Stop: [{ command: 'c', permissions: 'run:c' }] },
      'hooks.Stop[0]',
      'permissions must be a list of strings, not string',
    ],
    [
      'several faults',
      { Stop: group({ type: 'http', headers: { a: 1 }, once: 'yes' }) },
      'hooks.Stop[0].hooks[0]',
      'headers must be an object of strings, not object; has no url; once must be true or false, not string',
    ],
  ])('%s [HK-1]', (_, value, path, reason) => {
    const { entries, problems } = parse({ ...value, PreCompact: group(good) });
    expect(problems).toEqual([{ source, path, reason }]);
    expect(entries.map(({ event }) => event)).toEqual(['PreCompact']);
  });

  test('a mixed group keeps its good hook [HK-1]', () => {
    const { entries, problems } = parse({ Stop: [{ hooks: [{ type: 'command' }, good] }] });
    expect([entries.length, problems.length]).toEqual([1, 1]);
  });

  test('an event whose value is no list costs the file its hooks, and no other file [HK-1]', () => {
    const project = settingsFile('project');
    const { entries, problems } = parseHooks([
      { source, value: { Stop: group(good), PreToolUse: { hooks: [good] } } },
      { source: project, value: { Stop: group(good) } },
    ]);
    expect(entries.map((hook) => hook.source)).toEqual([project]);
    expect(problems).toEqual([
      {
        source,
        path: 'hooks.PreToolUse',
        reason: 'must be a list, not object; no hook of this file is used',
      },
    ]);
  });

  test('hooks that are no object are a problem, no hooks are none [HK-1]', () => {
    expect(parse([]).problems).toEqual([
      { source, path: 'hooks', reason: 'must be an object of events, not array' },
    ]);
    expect(parse(undefined)).toEqual({ entries: [], problems: [] });
  });

  test('an empty command is kept, so that running it can fail [HK-1]', () => {
    expect(parse({ Stop: group({ type: 'command', command: '' }) }).problems).toEqual([]);
  });
});

test('hooks can be switched off, all but those of the enterprise [HK-1]', () => {
  const files = (['enterprise', 'project', 'user'] as const).map((scope) => ({
    source: settingsFile(scope),
    value: { Stop: group({ type: 'command', command: scope }) },
  }));
  const { entries } = parseHooks(files);
  const selected = (switches: Parameters<typeof selectHooks>[1]) =>
    selectHooks(entries, switches).map(({ source: { scope } }) => scope);
  expect(selected({ areDisabled: false, onlyManaged: false })).toEqual(['enterprise', 'project', 'user']);
  expect(selected({ areDisabled: true, onlyManaged: false })).toEqual(['enterprise']);
  expect(selected({ areDisabled: false, onlyManaged: true })).toEqual(['enterprise']);
});
