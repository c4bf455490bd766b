import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkApiPlace, missingPlaces } from '../../../middleware/composition/check-api-place.ts';
import { readApiService } from '../../../middleware/platform/config/api/api-service.ts';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { scriptedCodex } from '../../support/scripted-codex.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codex-plus-place-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function check(more: Readonly<Record<string, string>>): Promise<void> {
  const { env, given } = readApiService({
    ...{ rootDir, cwd: folder },
    env: {
      PATH: process.env['PATH'],
      CODEX_BIN: scriptedCodex,
      ...{ CODEX_PLUS_STATE_DIR: join(folder, 'state'), TMPDIR: tmpdir(), ...more },
    },
  });
  const config = loadConfig({ rootDir, env, given, isTerminal: false });
  return checkApiPlace(config, { env, log: collectedLog().log, made: missingPlaces(config) });
}

test('a home among temporary files is refused, from which Codex would run no command [API-3]', async () => {
  const home = join(folder, 'home');
  await expect(check({ CODEX_HOME: home })).rejects.toThrow(
    /CODEX_HOME: .*home is in .*, a folder for temporary files.*PROXY_SANDBOX_MODE=no-commands/,
  );
  expect(existsSync(home)).toBe(false);
  await check({ CODEX_HOME: home, PROXY_SANDBOX_MODE: 'no-commands' });
  await check({ CODEX_HOME: home, TMPDIR: join(folder, 'other') });
});

test.each([
  ['/bin/false', '/bin/false does not answer as `codex app-server` does: '],
  ['cat', 'cat does not answer as `codex app-server` does: '],
  ['no-such-program', 'there is no "no-such-program"'],
])(
  'a program that is no Codex is to blame itself, and leaves nothing behind: %s [API-3]',
  async (program, said) => {
    const started = check({ CODEX_BIN: program, PROXY_SANDBOX_MODE: 'no-commands' });
    await expect(started).rejects.toThrow(/CODEX_BIN: /);
    await expect(started).rejects.toThrow(said);
    expect(readdirSync(folder)).toEqual([]);
  },
);
