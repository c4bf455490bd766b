import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { nodeBinary, run } from './setup.mjs';

/** Runs Jest as the tests need it, and gives its exit code and the report that it wrote to a file. */
export async function runJest(args, report, env = process.env) {
  mkdirSync(dirname(report), { recursive: true });
  // A run that is cut off must not be told with the figures of the one before it.
  rmSync(report, { force: true });
  const code = await run(
    nodeBinary(),
    [
      '--experimental-vm-modules',
      // For the tests that watch the memory.
      '--expose-gc',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${report}`,
      '--silent=false',
      // What a failed test leaves behind must not keep the run from ending with its result.
      '--forceExit',
      ...args,
    ],
    env,
  );
  if (!existsSync(report)) throw new Error(`Jest ended without a result (${args.join(' ')})`);
  return { code, results: JSON.parse(readFileSync(report, 'utf8')) };
}

/** Real servers share ports and two cores with nobody: tests with them run one file after the other. */
export const oneByOne = '--runInBand';

/** Installs LiteLLM before tests that start it, so that none of them waits for that. */
export async function prepareLitellm() {
  const code = await run(nodeBinary(), ['litellm/start.ts', '--install-only']);
  if (code !== 0) throw new Error('LiteLLM could not be installed; the lines above say why');
}
