import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { workerCommand } from '../../../middleware/upstreams/codex/worker-command.ts';
import { rootDir } from '../../support/compose-middleware.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'worker-command-')));
const { codex } = loadConfig({ rootDir, env: {}, isTerminal: false });

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function make(name: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

/** What the commands of a worker with this program may read, of what is ours. */
async function seenWith(program: string): Promise<readonly string[]> {
  const { args } = await workerCommand({ ...codex, program }, { env: {}, own: undefined });
  const { filesystem = '' } = /filesystem=(?<filesystem>.*)/.exec(args.join('\n'))?.groups ?? {};
  return [...filesystem.matchAll(/"([^"]+)" ?= ?"read"/g)].flatMap(([, path = '']) =>
    path.startsWith(folder) ? [path] : [],
  );
}

describe('commands of the model see [API-1]', () => {
  test('the program alone, and nothing of the folder that it stands in', async () => {
    make('project/.env');
    const program = make('project/codex');
    expect(await seenWith(program)).toEqual([program]);
    const script = make('tools/codex.js');
    expect(await seenWith(script)).toEqual([script]);
  });

  test('of the npm package its scope, wherever it is called from', async () => {
    const script = make('lib/node_modules/@openai/codex/bin/codex.js');
    const link = join(folder, 'codex');
    symlinkSync(script, link);
    expect(await seenWith(link)).toEqual([join(folder, 'lib/node_modules/@openai')]);
  });
});
