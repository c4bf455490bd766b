import { describe, expect, test } from '@jest/globals';
import { sandboxEnvironment } from '../../../middleware/platform/process/sandbox/sandbox-environment.ts';

const own = {
  PATH: '/usr/bin',
  HOME: '/home/ann',
  LANG: 'C.UTF-8',
  TMPDIR: '/somewhere',
  GITHUB_TOKEN: 'ghp',
  OPENAI_API_KEY: 'sk',
  CODEX_PLUS_API_KEYS: 'ours',
  LITELLM_MASTER_KEY: 'ours',
  LD_PRELOAD: '/evil.so',
  NODE_OPTIONS: '--inspect',
};

const environment = (more: Partial<Parameters<typeof sandboxEnvironment>[0]> = {}) =>
  sandboxEnvironment({ own, declared: [], withheld: [], extra: {}, fixed: {}, ...more });

const base = { PATH: '/usr/bin', HOME: '/home/ann', LANG: 'C.UTF-8', TMPDIR: '/somewhere' };

describe('the environment of a sandboxed command', () => {
  test('holds the harmless variables and nothing else [SEC-2]', () => {
    expect(environment()).toEqual(base);
  });

  test('holds what the command declared [HK-4]', () => {
    expect(environment({ declared: ['GITHUB_TOKEN', 'NODE_OPTIONS', 'ABSENT'] })).toEqual({
      ...base,
      GITHUB_TOKEN: 'ghp',
      NODE_OPTIONS: '--inspect',
    });
  });

  test('never holds our own keys, those that we call providers with, or what decides which code runs [SEC-2]', () => {
    const declared = ['CODEX_PLUS_API_KEYS', 'LITELLM_MASTER_KEY', 'OPENAI_API_KEY', 'LD_PRELOAD'];
    expect(environment({ declared, withheld: ['OPENAI_API_KEY'] })).toEqual(base);
  });

  test.each([
    'PATH',
    'LD_PRELOAD',
    'LD_AUDIT',
    'DYLD_INSERT_LIBRARIES',
    'BASH_ENV',
    'BASH_FUNC_ls%%',
    'ENV',
    'IFS',
  ])('a project cannot set %s [SEC-2]', (name) => {
    expect(environment({ extra: { [name]: '/evil', CLAUDE_PROJECT_DIR: '/work' } })).toEqual({
      ...base,
      CLAUDE_PROJECT_DIR: '/work',
    });
  });

  test('holds what the sandbox decides, over everything else', () => {
    expect(environment({ extra: { HOME: '/x', TMPDIR: '/x' }, fixed: { TMPDIR: '/tmp' } })).toEqual({
      ...base,
      HOME: '/x',
      TMPDIR: '/tmp',
    });
  });

  test('finds the names that Windows writes as it likes', () => {
    expect(environment({ own: { Path: 'C:\\bin', SystemRoot: 'C:\\Windows' } })).toEqual({
      Path: 'C:\\bin',
      SystemRoot: 'C:\\Windows',
    });
  });
});
