import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { claudeUsesOf, withClaudeInputs } from '../../../middleware/protocol/claude-tools/claude-tool.ts';
import { unreadToolsIn } from '../../../middleware/protocol/claude-tools/code-mapping.ts';
import { readCode } from '../../../middleware/protocol/claude-tools/code-mode.ts';
import type { ToolCall } from '../../../middleware/protocol/apis/tool-call.ts';

const resolvePath = (path: string): string => resolve('/shop', path);

function exec(input: string): ToolCall {
  return { callId: 'c', kind: 'custom', name: 'exec', namespace: undefined, input };
}

function uses(code: string): unknown {
  return claudeUsesOf(exec(code), resolvePath).map(({ tool, input }) => [tool, input]);
}

const bash = (command: string): [string, object] => ['Bash', { command }];

describe('code that calls tools', () => {
  test.each<[string, string, unknown]>([
    ['one call', "const r = await tools.exec_command({cmd:'echo hi'}); text(r.output);", [bash('echo hi')]],
    [
      'several, in every way to write a literal',
      'await Promise.all([tools.exec_command({ "cmd": "a\\x41\\u{42}\\n", tty: true, max: -1e3, }), tools["exec_command"]({cmd: `b`})]);',
      [bash('aAB\n'), bash('b')],
    ],
    [
      'a patch as text',
      "tools.apply_patch('*** Begin Patch\\n*** Delete File: a\\n*** End Patch');",
      [['Edit', expect.anything()]],
    ],
    [
      'a tool of an MCP server',
      'await tools.mcp__srv__run({a: [1, {b: null}]})',
      [['mcp__srv__run', { a: [1, { b: null }] }]],
    ],
    [
      'a call inside a template',
      'text(`${(await tools.exec_command({cmd: "a"})).output} and ${1 + 1}`)',
      [bash('a')],
    ],
    [
      'words in comments, texts and patterns',
      '// tools.x\n/* tools */ text("tools.exec_command"); "a".replace(/tools[/]x/g, `tools`)',
      [],
    ],
    ['nothing', '// @exec: {"a":1}\nconst sum = [1, 2].map((n) => n / 2); text(sum[0])', []],
  ])('is what it calls: %s [HK-2]', (_name, code, expected) => {
    expect(uses(code)).toEqual(expected);
    expect(readCode(code).unread).toEqual([]);
  });

  test.each([
    ['an argument that is made up', 'const c = "ls"; tools.exec_command({cmd: c})'],
    ['an argument with something in it', 'tools.exec_command({cmd: `ls ${x}`})'],
    ['an argument that is added to', 'tools.exec_command({cmd: "rm" + " x"})'],
    ['an argument that spreads', 'tools.exec_command({cmd: "a", ...more})'],
    ['two arguments', 'tools.exec_command({cmd: "a"}, more)'],
    ['another name for the tools', 'const t = tools; t.exec_command({cmd: "rm x"})'],
    ['a tool taken out', 'const {exec_command: run} = tools; run({cmd: "rm x"})'],
    ['a name that is made up', 'tools["exec_" + "command"]({cmd: "rm x"})'],
    ['a tool that is only named', 'setup(tools.exec_command)'],
    ['a call that may not be one', 'tools?.exec_command({cmd: "a"})'],
    ['the global object', 'globalThis["to" + "ols"].exec_command({cmd: "rm x"})'],
    ['code out of text', 'eval("to" + "ols.exec_command({cmd:1})")'],
    ['a function out of text', '(() => {})["constr" + "uctor"]("return tools")()'],
    ['its constructor taken out', 'const {constructor: f} = text; f("return tools")'],
    ['a name with an escape', 'too\\u006cs.exec_command({cmd: "rm x"})'],
    ['another alphabet', 'ƒ = 1'],
    ['a call inside a template', 'text(`${run(tools)}`)'],
    ['a text without an end', 'text("'],
    ['a member of a number', '0..constructor.constructor("tools")()'],
    ['a key that is made up', 'const {["constr" + "uctor"]: f} = text; f("tools")()'],
    ['a second key that is made up', 'const {a, ["constr" + "uctor"]: f} = text; f("tools")()'],
    ['a key in quotes', 'const {"constructor": f} = text; f("tools")()'],
    ['a member that may be none', 'text?.["constr" + "uctor"]("tools")()'],
    ['a member of what is named like a word', 'of["constr" + "uctor"]("tools")()'],
    ['a member of what is waited for', 'await["constr" + "uctor"]("tools")()'],
    ['a module', 'await import("node:fs")'],
    ['a character that is none', 'tools.exec_command({cmd: "\\u{110000}"})'],
    ['an argument that is nested without end', `tools.exec_command(${'['.repeat(100_000)}`],
    ['an escape that only scripts know', 'tools.exec_command({cmd: "\\162m x"})'],
    ['a number that scripts and modules read differently', 'tools.exec_command({cmd: 010})'],
  ])('is also code where nobody can say what it calls: %s [HK-2]', (_name, code) => {
    expect(claudeUsesOf(exec(code), resolvePath).at(-1)).toEqual({
      ...{ tool: 'exec', input: { input: code } },
      isCode: true,
    });
  });

  test.each<[string, string, readonly string[] | 'any']>([
    [
      'an argument that is made up',
      'tools.exec_command({cmd: c})',
      ['Bash', 'Edit', 'Write', 'exec_command'],
    ],
    ['a tool that is only named', "pass(tools['view_image'])", ['Read', 'view_image']],
    ['a tool of an MCP server', 'tools.mcp__srv__run(a)', ['mcp__srv__run']],
    [
      'several',
      'tools.exec_command({cmd: "a"}); tools.mcp__srv__run(a); tools.view_image(b)',
      ['mcp__srv__run', 'Read', 'view_image'],
    ],
    ['the tools themselves', 'run(tools); tools.view_image(a)', 'any'],
    ['a name that is made up', 'tools[a](b)', 'any'],
    ['what makes code out of text', "tools['constructor']['constructor'](a)", 'any'],
    ['the same, called', "tools['constructor']('a')", 'any'],
    ['the same, as a member', 'tools.constructor("a")', 'any'],
    ['what nobody can read', 'text("', 'any'],
    ['nothing', 'text("tools")', []],
  ])('leaves unread what it may call: %s [HK-2] [SEC-1]', (_name, code, tools) => {
    expect(unreadToolsIn(code)).toEqual(tools);
  });

  test.each([
    ['a pattern behind a condition', 'if (1) /\'/; tools.exec_command({cmd: "rm x"}) //\''],
    ['a pattern behind a block', '{} /\'/; tools.exec_command({cmd: "rm x"}) //\''],
    ['a pattern behind a word', 'void run; x = 1 / /\'/; y = of / 1; tools.exec_command({cmd: "rm x"}) //\''],
    ['a pattern in a template', 'text(`${/`/}`); tools.exec_command({cmd: "rm x"}) //`'],
    ['a pattern on a line of its own', 'let a\n/\'/; tools.exec_command({cmd: "rm x"}) //\''],
    ['a division behind a count', 'n++ /1; tools.exec_command({cmd: "rm x"}) /1'],
    ['a division behind a name that is a word elsewhere', 'of /1; tools.exec_command({cmd: "rm x"}) /1'],
    ['a comment of scripts', '<!-- /*\ntools.exec_command({cmd: "rm x"})\n/* */'],
    ['a division behind a member', '({in: 1}).in /1; tools.exec_command({cmd: "rm x"}) /1'],
    ['a pattern behind a word of its own', 'void /\'/; tools.exec_command({cmd: "rm x"}) //\''],
    ['a pattern that is divided by', 'x = 1 / /\'/; tools.exec_command({cmd: "rm x"}) //\''],
  ])('hides no call behind %s [SEC-1]', (_name, code) => {
    const found = claudeUsesOf(exec(code), resolvePath);
    expect(found.some(({ tool, isCode }) => tool === 'Bash' || isCode === true)).toBe(true);
  });

  test('the calls that can be read are told all the same [HK-2]', () => {
    const code = 'await tools.exec_command({cmd: "rm x"}); await run(tools);';
    expect(uses(code)).toEqual([bash('rm x'), ['exec', { input: code }]]);
    expect(claudeUsesOf(exec(code), resolvePath).map(({ isCode }) => isCode)).toEqual([undefined, true]);
  });

  test('takes another input where the call stands [HK-2]', () => {
    const code = 'await tools.exec_command({cmd: "a", tty: true});\nawait tools.exec_command( {cmd:"b"} );';
    const written = withClaudeInputs(exec(code), [undefined, { command: 'c "d"' }], resolvePath);
    expect(written).toEqual({
      kind: 'input',
      input:
        'await tools.exec_command({cmd: "a", tty: true});\nawait tools.exec_command( {"cmd":"c \\"d\\""} );',
    });
    const patch = "tools.apply_patch('*** Add File: a\\n+x')";
    expect(withClaudeInputs(exec(patch), [{ file_path: '/shop/a', content: "it's\n" }], resolvePath)).toEqual(
      { kind: 'input', input: 'tools.apply_patch("*** Add File: a\\n+it\'s")' },
    );
  });

  test('is itself what is replaced where it is a use [HK-2]', () => {
    const code = 'run(tools)';
    expect(withClaudeInputs(exec(code), [{ input: 'text(1)' }], resolvePath)).toEqual({
      kind: 'input',
      input: 'text(1)',
    });
    const both = 'tools.exec_command({cmd: "a"}); run(tools)';
    const inputs = [{ command: 'b' }, { input: 'text(1)' }];
    expect(withClaudeInputs(exec(both), inputs, resolvePath)).toMatchObject({ kind: 'refused' });
  });
});
