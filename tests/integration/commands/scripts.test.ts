import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommandCatalog } from '../../../middleware/features/commands/find/command-catalog.ts';
import {
  expandCommand,
  type ScriptRun,
} from '../../../middleware/features/commands/expand/expand-command.ts';
import type { ScriptInvocation } from '../../../middleware/features/commands/expand/script-command.ts';
import type { ShellResult } from '../../../middleware/features/commands/expand/shell-result.ts';
import { commandFolders } from '../../../middleware/platform/config/scopes/folders/command-folders.ts';
import { familyFolders } from '../../../middleware/platform/config/scopes/folders/family-folders.ts';
import { runBounded } from '../../../middleware/platform/process/run-bounded.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'scripts-'));
});

afterEach(() => rm(root, { recursive: true }));

const put = async (path: string, text: string) => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
};

async function runScript(invocation: ScriptInvocation): Promise<ScriptRun> {
  const { interpreter, args, cwd, input, timeoutMs, maxOutputBytes } = invocation;
  const end = await runBounded({
    file: interpreter === 'node' ? process.execPath : 'python3',
    args,
    cwd,
    env: { PATH: process.env['PATH'] },
    stdin: input,
    timeoutMs: Math.min(timeoutMs, 20_000),
    keepBytes: maxOutputBytes,
    floodBytes: 10 * maxOutputBytes,
    signal: new AbortController().signal,
  });
  return { kind: 'ran', end };
}

/** What a call of the script makes: the body that is sent, or the message of the refusal. */
async function call(file: string, args = '', script = runScript): Promise<string> {
  const catalog = new CommandCatalog({ now: () => 0 });
  const folders = commandFolders(root, familyFolders(join(root, 'home')), []);
  const name = file.replace(/\.\w+$/, '');
  const found = await catalog.find(folders, name);
  if (found.kind !== 'command') throw new Error(`${file} is ${found.kind}`);
  const context = {
    workspace: root,
    homeDir: root,
    sessionId: 's-1',
    effort: undefined,
    positionals: 'auto',
  } as const;
  const runShell = (line: string): Promise<ShellResult> =>
    Promise.resolve({ kind: 'succeeded', stdout: `<${line}>`, stderr: '' });
  const expansion = await expandCommand(found.command, args, context, {
    runShell,
    runScript: script,
    mayRead: () => true,
  });
  return expansion.kind === 'refused' ? expansion.message : (expansion.blocks[1] ?? '');
}

const commandOf = async (file: string, source: string) => {
  await put(`.codexplus/commands/${file}`, source);
  return file;
};

describe('JavaScript commands', () => {
  test.each([
    ['c.js', 'module.exports = (args) => `Branch ${args[0] || "main"}`;'],
    ['c.js', 'export default (args) => `Branch ${args[0] || "main"}`;'],
    ['c.cjs', 'exports.default = async ({ argv }) => "Branch " + argv[0];'],
    ['c.mjs', 'export default async (_list, { args }) => `Branch ${args.split(" ")[0]}`;'],
  ])('%s with %j gets its arguments [CMD-3]', async (file, source) => {
    expect(await call(await commandOf(file, source), 'dev x')).toBe('Branch dev');
  });

  test('an exported text is the prompt [CMD-3]', async () => {
    expect(await call(await commandOf('c.js', 'module.exports = "Fixed $0";'), 'x')).toBe('Fixed $0');
  });

  test('the context says which arguments, where and in which session [CMD-3]', async () => {
    const source =
      'export default ({ args, argv, workspace, sessionId }) => JSON.stringify({ args, argv, workspace, sessionId });';
    expect(JSON.parse(await call(await commandOf('c.mjs', source), '"a b" c'))).toEqual({
      args: '"a b" c',
      argv: ['a b', 'c'],
      workspace: root,
      sessionId: 's-1',
    });
  });

  test('CommonJS works in a project of ES modules, and may require files beside it [CMD-3]', async () => {
    await put('package.json', '{"type":"module"}');
    await put('.codexplus/commands/_part.cjs', 'exports.word = "part";');
    const source = 'const { word } = require("./_part.cjs");\nmodule.exports = () => word;';
    expect(await call(await commandOf('c.js', source))).toBe('part');
  });

  test('what it logs is not in the prompt, and a timer that it leaves does not keep it [CMD-3]', async () => {
    const source =
      'setInterval(() => {}, 1000);\nmodule.exports = () => { console.log("noise"); return "prompt"; };';
    expect(await call(await commandOf('c.js', source))).toBe('prompt');
  });

  test.each([
    [
      'module.exports = () => { throw new Error("broken"); };',
      /^\/c: ended with exit code 1:\nError: broken/,
    ],
    ['module.exports = () => 5;', /export a text or a function that returns one/],
    ['module.exports = () => "";', /^\/c: gave no prompt/],
    ['module.exports = (', /SyntaxError/],
    ['module.exports = () => "x".repeat(70000);', /^\/c: wrote more than 64 KiB$/],
  ])('%j is refused and says why [CMD-3]', async (source, message) => {
    expect(await call(await commandOf('c.js', source))).toMatch(message);
  });

  test('one that hangs is ended at its time limit [CMD-3]', async () => {
    const file = await commandOf(
      'c.js',
      'module.exports = () => new Promise(() => setInterval(() => {}, 1000));',
    );
    const hasty = (invocation: ScriptInvocation) => runScript({ ...invocation, timeoutMs: 300 });
    expect(await call(file, '', hasty)).toBe('/c: did not end within 0.3 s');
  });

  test('one that may not run is refused with the reason [CMD-3]', async () => {
    const refuse = (): Promise<ScriptRun> =>
      Promise.resolve({ kind: 'refused', reason: 'this folder is not trusted' });
    expect(await call(await commandOf('c.js', ''), '', refuse)).toBe('/c: this folder is not trusted');
  });
});

describe('shell lines in the prompt of a script', () => {
  test('are run [CMD-3]', async () => {
    const source = 'module.exports = (args) => `Diff: !\\`git diff ${args[0]}\\``;';
    expect(await call(await commandOf('c.js', source), 'main')).toBe('Diff: <git diff main>');
  });

  test.each(['!`rm x`', 'a !`rm x` b', '"!`rm x`"'])(
    'are not when they came from the arguments %j [CMD-3]',
    async (args) => {
      const source = 'module.exports = ({ args, argv }) => `${args} and ${argv.join(" ")} !\\`ok\\``;';
      const body = await call(await commandOf('c.js', source), args);
      expect(body).toContain('!`rm x`');
      expect(body).not.toContain('<rm x>');
      expect(body).toContain('<ok>');
    },
  );
});

describe('Python commands', () => {
  test.each([
    'def main(context):\n    return "Hello " + context["argv"][0]',
    'async def main(context):\n    return "Hello " + context["args"]',
    'def prompt(context):\n    print("Hello " + context["argv"][0])',
    'import sys\nprint("Hello", sys.argv[1])',
    'import json, sys\nprint("Hello", json.load(sys.stdin)["args"])',
    'if __name__ == "__main__":\n    print("Hello dev")',
    'prompt = "Hello dev"',
    'def main():\n    return "Hello dev"\n\nif __name__ == "__main__":\n    print("twice")',
  ])('%j makes a prompt [CMD-3]', async (source) => {
    expect(await call(await commandOf('c.py', source), 'dev')).toBe('Hello dev');
  });

  test('letters of any script come through, and files beside it can be imported [CMD-3]', async () => {
    await put('.codexplus/commands/_part.py', 'word = "grüß 你好"');
    expect(await call(await commandOf('c.py', 'from _part import word\nprint(word)'))).toBe('grüß 你好');
  });

  test("a module of the working directory does not take the place of Python's own [CMD-3]", async () => {
    await put('json.py', 'raise SystemExit("hijacked")');
    await put('ast.py', 'raise SystemExit("hijacked")');
    expect(await call(await commandOf('c.py', 'prompt = "safe"'))).toBe('safe');
  });

  test.each([
    ['def main(context):\n    return 5', /the command must return a text, not int/],
    ['raise ValueError("broken")', /^\/c: ended with exit code 1:\n[\s\S]*ValueError: broken$/],
    ['def main(:', /SyntaxError/],
    ['x = 1', /^\/c: gave no prompt/],
  ])('%j is refused and says why [CMD-3]', async (source, message) => {
    expect(await call(await commandOf('c.py', source))).toMatch(message);
  });
});
