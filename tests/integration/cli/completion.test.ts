import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { runCli } from '../../support/run-cli.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

// Every call starts two Nodes.
jest.setTimeout(60_000);

type Shell = 'bash' | 'zsh' | 'fish';

let folder: string;

beforeAll(async () => {
  folder = await makeTestFolder('completion');
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const { stdout } = await runCli(['completion', shell]);
    await writeFile(join(folder, `script.${shell}`), stdout);
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a script in a shell that reads none of the developer's files. */
function runIn(shell: Shell, script: string, args: readonly string[] = []): string {
  const flags = { bash: ['--norc', '--noprofile'], zsh: ['-f'], fish: ['--no-config'] }[shell];
  const run = spawnSync(shell, [...flags, '-c', script, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, TERM: 'xterm' },
    timeout: 20_000,
  });
  expect(run.stderr).toBe('');
  return run.stdout;
}

function isInstalled(shell: Shell): boolean {
  return spawnSync(shell, ['--version']).error === undefined;
}

/** What bash offers for the last of the words. */
function inBash(...words: readonly string[]): string[] {
  const script = `
    source script.bash
    COMP_WORDS=(codex-plus "$@"); COMP_CWORD=$#
    _codex_plus
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return runIn('bash', script, ['bash', ...words])
    .split('\n')
    .filter((line) => line !== '');
}

describe('completion in bash', () => {
  test('offers the sub-commands, and those of a sub-command [CFG-4]', () => {
    expect(inBash('')).toEqual(
      expect.arrayContaining(['start', 'stop', 'status', 'run', 'doctor', 'litellm']),
    );
    expect(inBash('sta')).toEqual(['start', 'status']);
    expect(inBash('litellm', 'ch')).toEqual(['check']);
  });

  test('offers the options of the command that stands there, and no others [CFG-4]', () => {
    expect(inBash('status', '--')).toEqual(['--url', '--api', '--json', '--help']);
    expect(inBash('litellm', 'check', '--j')).toEqual(['--json']);
    expect(inBash('--v')).toEqual(['--version']);
  });

  test('offers the values of an argument that has a list of them [CFG-4]', () => {
    expect(inBash('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  test('passes over the value of an option, in one word or in those that bash makes of a URL [CFG-4]', () => {
    expect(inBash('status', '--url', 'start', '--j')).toEqual(['--json']);
    expect(inBash('status', '--url', '')).toEqual([]);
    expect(inBash('run', '--url', 'http', ':', '//127.0.0.1', '--', 'bas')).toContain('bash');
  });

  test('offers programs where a program is to be run [CFG-4]', () => {
    expect(inBash('run', 'bas')).toContain('bash');
    expect(inBash('run', '--', 'bas')).toContain('bash');
    expect(inBash('run', '--', 'bash', 'scr').toSorted()).toEqual([
      'script.bash',
      'script.fish',
      'script.zsh',
    ]);
  });

  test('runs nothing of what was typed [CFG-4]', () => {
    inBash('$(touch was-run)', '`touch was-run`', '');
    inBash('run', '--', '$(touch was-run)', '$(touch was-run)');
    expect(existsSync(join(folder, 'was-run'))).toBe(false);
  });

  test('can be read twice, and starts no program [CFG-4]', () => {
    const script =
      'PATH=; source script.bash; source script.bash; COMP_WORDS=(codex-plus s); COMP_CWORD=1; _codex_plus; echo "$COMPREPLY"';
    expect(runIn('bash', script)).toBe('start\n');
  });
});

(isInstalled('fish') ? describe : describe.skip)('completion in fish', () => {
  function inFish(line: string): string[] {
    return runIn('fish', `source script.fish; complete -C ${JSON.stringify(line)}`)
      .split('\n')
      .map((offer) => offer.split('\t')[0] ?? '')
      .filter((word) => word !== '');
  }

  test('offers sub-commands, options, values and programs [CFG-4]', () => {
    expect(inFish('codex-plus sta')).toEqual(['start', 'status']);
    expect(inFish('codex-plus litellm ch')).toEqual(['check']);
    expect(inFish('codex-plus status --').toSorted()).toEqual(['--api', '--help', '--json', '--url']);
    expect(inFish('codex-plus completion ').toSorted()).toEqual(['bash', 'fish', 'zsh']);
    expect(inFish('codex-plus run -- bas')).toContain('bash');
  });
});

(isInstalled('zsh') ? describe : describe.skip)('completion in zsh', () => {
  /** Types a line and the tab key at a real prompt, and waits until the line has become another. */
  function typesInZsh(line: string, until: string): string {
    return runIn(
      'zsh',
      `zmodload zsh/zpty
       zpty z zsh -f -i
       zpty -w z "PROMPT=; autoload -Uz compinit; compinit -u -D; source script.zsh; echo REA''DY"
       zpty -r z seen '*READY*'
       zpty -w -n z "$1"$'\\t'
       zpty -r z seen "*$2*" && print -r -- found
       zpty -d z`,
      ['zsh', line, until],
    );
  }

  test('offers sub-commands, options and values [CFG-4]', () => {
    expect(typesInZsh('codex-plus comp', 'completion')).toBe('found\n');
    expect(typesInZsh('codex-plus litellm ch', 'check')).toBe('found\n');
    expect(typesInZsh('codex-plus status --u', '--url')).toBe('found\n');
    expect(typesInZsh('codex-plus completion fi', 'fish')).toBe('found\n');
  });
});

test('completion for a shell that is not known is a wrong call [CFG-4]', async () => {
  const { exitCode, stdout, stderr } = await runCli(['completion', 'tcsh']);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish');
});
