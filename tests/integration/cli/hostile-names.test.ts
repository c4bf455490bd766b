import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;

beforeEach(() => {
  place = createCliPlace();
});

afterEach(() => {
  place.remove();
});

describe('an error of codex-plus', () => {
  const hostile = 'x\u001b]0;title\u0007\u009b2J\nall is well';
  const shown = 'x\\u{1b}]0;title\\u{7}\\u{9b}2J all is well';

  test('names a folder without what its name would do to a terminal [SEC-4]', async () => {
    const { stderr } = await place.run(['trust', 'list', '--workspace', hostile]);
    expect(stderr).toContain(`${shown} is not a folder\n`);
  });

  test('names a settings file the same way [SEC-4]', async () => {
    place.write({ [`${hostile}/.git/HEAD`]: '', [`${hostile}/.claude/settings.json`]: '{' });
    const cwd = join(place.root, hostile);
    const { stderr } = await place.run(['hooks', 'add', 'Stop', 'true', '--scope', 'project'], { cwd });
    expect(stderr).toMatch(/; mend it first\n$/);
    expect(stderr).toContain(`${shown}/.claude/settings.json`);
    expect(stderr).not.toMatch(/[^\n -~]|\n./);
  });

  test('shows what was typed as what it is [SEC-4]', async () => {
    const { stderr } = await place.run(['config', 'get', '\u001b[31mred']);
    expect(stderr).toContain('\\u{1b}[31mred is not set');
    expect((await place.run(['\u001b[31mred'])).stderr).not.toContain('\u001b');
  });

  test('of trust add names files without what their names would do [SEC-4]', async () => {
    const name = 'x\u001b[2J\u009b31m\u202ered.md';
    place.write({ [`project/.claude/commands/${name}`]: '!`git status`\n', 'project/README.md': '' });
    const { stderr } = await place.run(['trust', 'add', 'README.md', '--yes']);
    const shown = join(place.project, '.claude/commands/x\\u{1b}[2J\\u{9b}31m\\u{202e}red.md');
    expect(stderr).toBe(
      `${join(place.project, 'README.md')} has nothing in it that needs trust here; these do: ${shown}\n`,
    );
    // For programs the name is whole.
    const { stdout, json } = await place.run(['trust', 'list', '--json']);
    expect(stdout).not.toMatch(/[^\n -~]/);
    expect(
      (json() as { readonly waiting: readonly { readonly file: string }[] }).waiting.map(({ file }) => file),
    ).toEqual([join(place.project, `.claude/commands/${name}`)]);
  });
});
