import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  claudeToolsOf,
  claudeUsesOf,
  isReadable,
  withClaudeInputs,
} from '../../../middleware/protocol/claude-tools/claude-tool.ts';
import type { ToolCall } from '../../../middleware/protocol/apis/tool-call.ts';

const resolvePath = (path: string): string => resolve('/shop', path);

function called(name: string, args: object, namespace?: string): ToolCall {
  return { callId: 'c', kind: 'function', name, namespace, input: JSON.stringify(args) };
}

function custom(name: string, input: string): ToolCall {
  return { callId: 'c', kind: 'custom', name, namespace: undefined, input };
}

function uses(call: ToolCall): unknown {
  return claudeUsesOf(call, resolvePath).map(({ tool, input }) => [tool, input]);
}

function rewrite(call: ToolCall, ...inputs: readonly (Record<string, unknown> | undefined)[]): unknown {
  const written = withClaudeInputs(call, inputs, resolvePath);
  if (written.kind === 'refused') return written.reason;
  return call.kind === 'function' ? JSON.parse(written.input) : written.input;
}

const bash = (command: string, more: object = {}): [string, object] => ['Bash', { command, ...more }];

describe('a call in the words of Claude Code', () => {
  test.each<[string, ToolCall, unknown]>([
    ['exec_command', called('exec_command', { cmd: 'ls', yield_time_ms: 9 }), [bash('ls')]],
    [
      'exec_command that says why',
      called('exec_command', { cmd: 'ls', justification: 'to see' }),
      [bash('ls', { description: 'to see' })],
    ],
    [
      'exec_command in the same folder',
      called('exec_command', { cmd: 'ls', workdir: '/shop/.' }),
      [bash('ls')],
    ],
    [
      'exec_command in another folder',
      called('exec_command', { cmd: 'cat .env', workdir: '../my keys' }),
      [bash("cd '/my keys' && cat .env")],
    ],
    ['exec_command of a shell', called('exec_command', { cmd: 'ls', shell: '/bin/zsh' }), [bash('ls')]],
    [
      'exec_command of another program',
      called('exec_command', { cmd: "print('x')", shell: 'python3' }),
      [bash(String.raw`python3 -c 'print('\''x'\'')'`)],
    ],
    [
      'shell with a script',
      called('shell', { command: ['bash', '-lc', 'rm x'], timeout_ms: 5 }),
      [bash('rm x', { timeout: 5 })],
    ],
    ['shell with words', called('shell', { command: ['rm', 'a b'] }), [bash("rm 'a b'")]],
    ['shell with a line', called('shell_command', { command: 'rm x' }), [bash('rm x')]],
    [
      'a shell that is given both',
      called('shell', { command: 'ls', commands: ['rm y'] }),
      [bash('ls\nrm y')],
    ],
    ['the shell of the API', called('shell', { commands: ['cd x', 'rm y'] }), [bash('cd x\nrm y')]],
    [
      'the local shell of the API',
      called('local_shell', { type: 'exec', command: ['rm', 'x'], working_directory: '/etc' }),
      [bash('cd /etc && rm x')],
    ],
    ['what is typed', called('write_stdin', { session_id: 1, chars: 'rm x\n' }), [bash('rm x')]],
    ['a look at what runs', called('write_stdin', { session_id: 1 }), []],
    ['a key', called('write_stdin', { session_id: 1, chars: '\u0003' }), []],
    ['view_image', called('view_image', { path: 'a.png' }), [['Read', { file_path: '/shop/a.png' }]]],
    ['a tool of an MCP server', called('run it', { a: 1 }, 'mcp__srv'), [['mcp__srv__run_it', { a: 1 }]]],
    ['another group of tools', called('sleep', { ms: 1 }, 'clock'), [['sleep', { ms: 1 }]]],
    [
      'a tool of another group with a known name, which programs that look at the name alone run',
      called('shell', { command: 'x' }, 'clock'),
      [['Bash', { command: 'x' }]],
    ],
    ['a tool of Claude Code', called('Bash', { command: 'ls' }), [bash('ls')]],
    ['a custom tool', custom('sql', 'select 1'), [['sql', { input: 'select 1' }]]],
    [
      'a function that only has the name',
      called('exec_command', { line: 'ls' }),
      [['exec_command', { line: 'ls' }]],
    ],
    ['no arguments', { ...called('now', {}), input: '' }, [['now', {}]]],
  ])('%s [HK-2]', (_name, call, expected) => {
    expect(uses(call)).toEqual(expected);
  });

  test('tells before the input is there which tools a call may come to [HK-2]', () => {
    expect(claudeToolsOf(called('exec_command', {}))).toEqual(['Bash', 'Edit', 'Write', 'exec_command']);
    expect(claudeToolsOf(called('x', {}, 'mcp__srv'))).toEqual(['mcp__srv__x']);
    expect(claudeToolsOf(custom('exec', ''))).toBeUndefined();
  });

  test('an input that is no JSON object is not readable [HK-2]', () => {
    const readable = (input: string): boolean => isReadable({ ...called('x', {}), input });
    expect(['{"a":1}', '', '{"a":1', '[]', 'null', '"x"'].map(readable)).toEqual([
      ...[true, true, false, false, false, false],
    ]);
    expect(isReadable(custom('x', '{'))).toBe(true);
  });
});

const patch = `*** Begin Patch
*** Add File: new/a.txt
+one
+two
*** Update File: src/b.ts
*** Move to: src/c.ts
@@ function b()
 keep
-old
+new
*** Delete File: gone.txt
*** End Patch
`;

describe('a patch', () => {
  const files = [
    ['Write', { file_path: '/shop/new/a.txt', content: 'one\ntwo\n' }],
    ['Edit', { file_path: '/shop/src/b.ts', old_string: 'keep\nold', new_string: 'keep\nnew' }],
    ['Edit', { file_path: '/shop/src/c.ts', old_string: '', new_string: 'keep\nnew' }],
    ['Edit', { file_path: '/shop/gone.txt', old_string: '', new_string: '' }],
  ];

  test('is a use for each of its files [HK-2]', () => {
    expect(uses(custom('apply_patch', patch))).toEqual(files);
    expect(uses(called('apply_patch', { input: patch }))).toEqual(files);
    expect(uses(called('apply_patch', { type: 'delete_file', path: 'x' }))).toEqual([
      ['Edit', { file_path: '/shop/x', old_string: '', new_string: '' }],
    ]);
  });

  test('is found in a command, by the folder of the command [HK-2]', () => {
    const cmd = `apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: a\n+x\n*** End Patch\nEOF`;
    expect(uses(called('exec_command', { cmd, workdir: 'sub' }))).toEqual([
      bash(`cd /shop/sub && ${cmd}`),
      ['Write', { file_path: '/shop/sub/a', content: 'x\n' }],
    ]);
  });

  test.each([
    ['spaces before a header and no end', '  *** Update File: a b \n@@\n-x\n+y', ['/shop/a b']],
    ['line ends of Windows', '*** Delete File: a\r\n*** Delete File: b\r\n', ['/shop/a', '/shop/b']],
    ['a header in what is added', '*** Add File: a\n+*** Add File: b\n', ['/shop/a']],
    ['a header in what stays', '*** Update File: a\n *** Add File: b\n *** Move to: c\n+x', ['/shop/a']],
    [
      'a second patch',
      '*** Add File: a\n*** End Patch\n+x\n*** Begin Patch\n*** Add File: b\n',
      ['/shop/a', '/shop/b'],
    ],
  ])('is read however it is written: %s [HK-2]', (_name, text, paths) => {
    const found = claudeUsesOf(custom('apply_patch', text), resolvePath);
    expect(found.map(({ input }) => input['file_path'])).toEqual(paths);
  });

  test('a text that is none keeps its name [HK-2]', () => {
    expect(uses(custom('apply_patch', 'hello'))).toEqual([['apply_patch', { input: 'hello' }]]);
  });

  test('takes other texts and paths, the rest of it stays [HK-2]', () => {
    const change = [
      { file_path: '/shop/new/a.txt', content: 'three\n' },
      { file_path: '/shop/d.ts', old_string: 'keep\nold', new_string: 'keep\nbetter' },
      undefined,
      undefined,
    ];
    const changed = patch
      .replace('+one\n+two', '+three')
      .replace('src/b.ts', '/shop/d.ts')
      .replace(' keep\n-old\n+new', '-keep\n-old\n+keep\n+better');
    expect(rewrite(custom('apply_patch', patch), ...change)).toBe(changed);
    expect(rewrite(called('apply_patch', { input: patch, x: 1 }), ...change)).toEqual({
      input: changed,
      x: 1,
    });
    expect(rewrite(custom('apply_patch', patch))).toBe(patch);
  });

  test.each<[string, string, Record<string, unknown>, string]>([
    [
      'several places',
      '*** Update File: a\n@@\n-x\n+y\n@@\n-z\n+w',
      { old_string: 'q', new_string: '' },
      'several places',
    ],
    [
      'a text for what is deleted',
      '*** Delete File: a',
      { old_string: '', new_string: 'x' },
      'deletes a file',
    ],
    ['what a patch cannot say', '*** Add File: a\n+x', { content: 'x\n', mode: 7 }, '"mode"'],
    ['no text', '*** Add File: a\n+x', { content: 7 }, '"content"'],
  ])('refuses what it cannot say: %s [HK-2]', (_name, text, input, reason) => {
    expect(rewrite(custom('apply_patch', text), { file_path: '/shop/a', ...input })).toContain(reason);
  });
});

describe('another input', () => {
  test.each<[string, ToolCall, Record<string, unknown>, unknown]>([
    [
      'exec_command',
      called('exec_command', { cmd: 'ls', tty: true, justification: 'why' }),
      { command: 'pwd', description: 'why' },
      { cmd: 'pwd', tty: true, justification: 'why' },
    ],
    [
      'exec_command that stays in its folder',
      called('exec_command', { cmd: 'ls', workdir: 'sub' }),
      { command: 'cd /shop/sub && pwd' },
      { cmd: 'pwd', workdir: 'sub' },
    ],
    [
      'exec_command that leaves its folder',
      called('exec_command', { cmd: 'ls', workdir: 'sub' }),
      { command: 'pwd' },
      { cmd: 'pwd' },
    ],
    [
      'shell with a script',
      called('shell', { command: ['sh', '-c', 'ls'] }),
      { command: 'a b' },
      { command: ['sh', '-c', 'a b'] },
    ],
    [
      'shell with words',
      called('shell', { command: ['ls'] }),
      { command: 'a b' },
      { command: ['bash', '-lc', 'a b'] },
    ],
    [
      'the shell of the API',
      called('shell', { commands: ['a', 'b'] }),
      { command: 'c' },
      { commands: ['c'] },
    ],
    [
      'write_stdin',
      called('write_stdin', { session_id: 4, chars: 'a\n' }),
      { command: 'b' },
      { session_id: 4, chars: 'b\n' },
    ],
    ['view_image', called('view_image', { path: 'a', x: 1 }), { file_path: '/b' }, { path: '/b', x: 1 }],
    ['any other function', called('Bash', { command: 'a' }), { command: 'b', n: 1 }, { command: 'b', n: 1 }],
    ['any other custom tool', custom('sql', 'a'), { input: 'b' }, 'b'],
  ])('goes into the own arguments of %s [HK-2]', (_name, call, input, expected) => {
    expect(rewrite(call, input)).toEqual(expected);
    expect(rewrite(call, undefined)).toEqual(call.kind === 'custom' ? call.input : JSON.parse(call.input));
  });

  test.each<[string, ToolCall, Record<string, unknown>, string]>([
    [
      'a member that the tool lacks',
      called('exec_command', { cmd: 'a' }),
      { command: 'a', timeout: 9 },
      '"timeout"',
    ],
    ['no command', called('exec_command', { cmd: 'a' }), { cmd: 'b' }, '"command"'],
    [
      'a line of another program',
      called('exec_command', { cmd: 'a', shell: 'perl' }),
      { command: 'b' },
      'shell',
    ],
    ['no text for a custom tool', custom('sql', 'a'), { query: 'b' }, '"input"'],
    ['no path', called('view_image', { path: 'a' }), { path: 'b' }, '"file_path"'],
  ])('is refused with its reason: %s [HK-2]', (_name, call, input, reason) => {
    expect(rewrite(call, input)).toContain(reason);
  });
});
