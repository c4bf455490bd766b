import { expect, test } from '@jest/globals';
import { hookEnvironment } from '../../../middleware/features/hooks/run/hook-environment.ts';

const facts = {
  base: { PATH: '/bin', MODE: 'base', CLAUDE_PROJECT_DIR: '/elsewhere' },
  settings: { MODE: 'settings' },
  projectDir: '/shop',
  sessionId: 'session-1',
  effort: undefined,
  agent: 'codex-plus_0-1-0',
  envFile: undefined,
};
const common = {
  PATH: '/bin',
  MODE: 'settings',
  CLAUDE_PROJECT_DIR: '/shop',
  CLAUDECODE: '1',
  CLAUDE_CODE_ENTRYPOINT: 'codex-plus',
  CLAUDE_CODE_SESSION_ID: 'session-1',
  AI_AGENT: 'codex-plus_0-1-0',
};

test('the settings go over the environment, and what hooks rely on over both [HK-1]', () => {
  expect(hookEnvironment(facts)).toEqual(common);
});

test('the effort and the file for variables are there where they are known [HK-1]', () => {
  expect(hookEnvironment({ ...facts, effort: 'high', envFile: '/tmp/env' })).toEqual({
    ...common,
    CLAUDE_EFFORT: 'high',
    CLAUDE_ENV_FILE: '/tmp/env',
  });
});
