import { describe, expect, test } from '@jest/globals';
import { shellCommandLine } from '../../../middleware/features/commands/expand/shell-command-line.ts';
import {
  findShellInclusions,
  includeShellOutput,
} from '../../../middleware/features/commands/expand/shell-inclusions.ts';
import {
  shellResultOf,
  type ShellResult,
} from '../../../middleware/features/commands/expand/shell-result.ts';

const find = (text: string) => findShellInclusions({ text, inserted: [] });
const printed = (stdout: string): ShellResult => ({ kind: 'succeeded', stdout, stderr: '' });

describe('shellCommandLine', () => {
  test('a shell line is run by bash where there is one [CMD-8]', () => {
    const line = { file: '/bin/bash', args: ['-c', 'echo "a b"\necho c'], isVerbatim: false };
    expect(shellCommandLine('echo "a b"\necho c', 'linux')).toEqual(line);
    expect(shellCommandLine('echo "a b"\necho c', 'darwin')).toEqual(line);
  });

  test('on Windows a shell line is run by cmd /c, its own quotes untouched [CMD-8]', () => {
    expect(shellCommandLine('git log --format="%h %s"', 'win32')).toEqual({
      file: 'cmd.exe',
      args: ['/d', '/s', '/c', '"git log --format="%h %s""'],
      isVerbatim: true,
    });
  });

  test('on Windows the lines of a block become one, since cmd reads no further than the first [CMD-8]', () => {
    expect(shellCommandLine('cd src\r\n\n  dir /b', 'win32').args.at(-1)).toBe('"cd src & dir /b"');
  });
});

describe('findShellInclusions', () => {
  test('finds lines and blocks in order, with what each would run [CMD-2]', () => {
    expect(
      find('a !`one`\n```!\ntwo\n  !`not` its own\n```\n!` three ` b').map(({ command }) => command),
    ).toEqual(['one', 'two\n  !`not` its own', 'three']);
  });

  test('a block that is not closed, or opens within a line, is none [CMD-2]', () => {
    expect(find('x ```!\necho\n```')).toEqual([]);
    expect(find('```!\necho')).toEqual([]);
  });

  test('Windows line ends do not get into what is run [CMD-2]', () => {
    expect(find('```!\r\none\r\ntwo\r\n```').map(({ command }) => command)).toEqual(['one\ntwo']);
  });

  test('what opens in the arguments, in whole or in part, is none [CMD-2]', () => {
    const text = 'x !`echo a`';
    for (const inserted of [
      { start: 2, end: 3 },
      { start: 3, end: 4 },
      { start: 0, end: 11 },
    ]) {
      expect(findShellInclusions({ text, inserted: [inserted] })).toEqual([]);
    }
    expect(findShellInclusions({ text, inserted: [{ start: 4, end: 10 }] })).toHaveLength(1);
  });
});

describe('includeShellOutput', () => {
  test('all lines are started before the first has ended [CMD-2]', async () => {
    const text = '!`a` !`b`';
    const started: string[] = [];
    const both = Promise.withResolvers<undefined>();
    const run = async (command: string): Promise<ShellResult> => {
      if (started.push(command) === 2) both.resolve(undefined);
      await both.promise;
      return printed(command.toUpperCase());
    };
    expect(await includeShellOutput(text, find(text), { run })).toEqual({ kind: 'included', text: 'A B' });
  });

  test('the first line that fails is the one that is told [CMD-2]', async () => {
    const text = '!`a` !`b` !`c`';
    const run = (command: string): Promise<ShellResult> =>
      Promise.resolve(command === 'a' ? printed('') : { kind: 'refused', reason: `no ${command}` });
    expect(await includeShellOutput(text, find(text), { run })).toEqual({
      kind: 'refused',
      message: 'Shell command permission check failed for pattern "!`b`": no b',
    });
  });

  test('a large output without a place to save it shows its beginning alone [CMD-2]', async () => {
    const line = `${'x'.repeat(999)}\n`;
    const output = `${line.repeat(40)}end`;
    expect(
      await includeShellOutput('!`a`', find('!`a`'), { run: () => Promise.resolve(printed(output)) }),
    ).toEqual({
      kind: 'included',
      text: `<persisted-output>\nOutput too large (39.1KB).\n\nPreview (first 2KB):\n${line}${'x'.repeat(999)}\n...\n</persisted-output>`,
    });
  });
});

describe('shellResultOf', () => {
  const end = {
    ending: 'exited',
    exitCode: 0,
    stdout: 'out',
    stderr: 'err',
    summary: 'ended with exit code 0',
  } as const;

  test('an exit code other than 0 is a failure [CMD-2]', () => {
    expect(shellResultOf(end, 1_000)).toEqual({ kind: 'succeeded', stdout: 'out', stderr: 'err' });
    expect(shellResultOf({ ...end, exitCode: 1 }, 1_000)).toEqual({
      kind: 'failed',
      stdout: 'out',
      stderr: 'err',
    });
  });

  test("a time limit is told in Claude Code's words, any other end in ours [CMD-2]", () => {
    const late = {
      ...end,
      ending: 'timed-out',
      exitCode: undefined,
      summary: 'did not end within 1.5 s',
    } as const;
    expect(shellResultOf(late, 1_500)).toEqual({
      kind: 'failed',
      stdout: 'out',
      stderr: 'err\nCommand timed out after 1.5s',
    });
    const flooded = { ...late, ending: 'flooded', stderr: '', summary: 'wrote too much' } as const;
    expect(shellResultOf(flooded, 1_500)).toEqual({
      kind: 'failed',
      stdout: 'out',
      stderr: 'Command wrote too much',
    });
  });
});
