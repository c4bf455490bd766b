import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';

test('a start takes what an earlier one compiled', async () => {
  const start = (env: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, [join(rootDir, 'middleware/cli/main.ts'), '--version'], {
      env,
      maxBuffer: 2 ** 26,
    });
  const env = { ...process.env };
  delete env['NODE_DISABLE_COMPILE_CACHE'];
  await start(env);
  const { stderr } = await start({ ...env, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' });
  const told = stderr.split('\n').filter((line) => line.includes('/cli/command-line.ts'));
  expect(told).toContainEqual(expect.stringMatching(/retrieving transpile cache .*success$/));
  expect(told).toContainEqual(expect.stringMatching(/code cache .* was accepted/));
});
