// `npm test [unit] [integration] [e2e]`: sets up what is missing and runs the tests; without names, all of them.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSandbox } from './sandbox.mjs';
import { ensureInstalled, fail, nodeBinary, root, run } from './setup.mjs';

const suites = ['unit', 'integration', 'e2e'];

try {
  await ensureInstalled();
  const wanted = process.argv.slice(2);
  const chosen = wanted.length === 0 ? suites : suites.filter((suite) => wanted.includes(suite));
  if (chosen.length === 0) throw new Error(`choose from: ${suites.join(', ')}`);
  if (chosen.some((suite) => suite !== 'unit')) ensureSandbox();
  const fast = chosen.filter((suite) => suite !== 'e2e');
  const totals = { passed: 0, failed: 0 };
  // By default Jest leaves a core free, which on two cores is half of them.
  if (fast.length > 0) await runJest(fast, totals, ['--maxWorkers=2']);
  if (chosen.includes('e2e')) {
    // Real servers share ports and two cores with nobody: one file after the other.
    await prepareLitellm();
    await runJest(['e2e'], totals, ['--runInBand']);
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
} catch (error) {
  fail(error);
}

async function prepareLitellm() {
  const code = await run(nodeBinary(), ['litellm/start.ts', '--install-only']);
  if (code !== 0) throw new Error('LiteLLM could not be installed; the lines above say why');
}

async function runJest(projects, totals, more = []) {
  mkdirSync(join(root, '.state'), { recursive: true });
  const report = join(root, '.state', `jest-${projects.join('-')}.json`);
  // A run that is cut off must not be told with the figures of the one before it.
  rmSync(report, { force: true });
  const code = await run(nodeBinary(), [
    '--experimental-vm-modules',
    // For the tests that watch the memory.
    '--expose-gc',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    ...projects,
    '--json',
    `--outputFile=${report}`,
    '--silent=false',
    // What a failed test leaves behind must not keep the run from ending with its result.
    '--forceExit',
    ...more,
  ]);
  if (!existsSync(report)) throw new Error(`the tests of ${projects.join(', ')} ended without a result`);
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  totals.passed += numPassedTests;
  totals.failed += numFailedTests;
  if (code !== 0) process.exitCode = 1;
  if (code !== 0 && numFailedTestSuites > 0 && numFailedTests === 0) totals.failed += numFailedTestSuites;
}
