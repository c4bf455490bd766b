// `npm test [unit] [integration] [mounted] [e2e]`: sets up what is missing and runs the tests; without names, all of them.
import { join } from 'node:path';
import { oneByOne, prepareLitellm, runJest } from './jest.mjs';
import { ensureSandbox } from './sandbox.mjs';
import { ensureInstalled, fail, root } from './setup.mjs';

const suites = ['unit', 'integration', 'mounted', 'e2e'];

try {
  await ensureInstalled();
  const wanted = process.argv.slice(2);
  const chosen = wanted.length === 0 ? suites : suites.filter((suite) => wanted.includes(suite));
  if (chosen.length === 0) throw new Error(`choose from: ${suites.join(', ')}`);
  if (chosen.some((suite) => suite !== 'unit')) ensureSandbox();
  const fast = chosen.filter((suite) => suite !== 'e2e');
  const totals = { passed: 0, failed: 0 };
  // By default Jest leaves a core free, which on two cores is half of them.
  if (fast.length > 0) await runSuites(fast, totals, '--maxWorkers=2');
  if (chosen.includes('e2e')) {
    await prepareLitellm();
    await runSuites(['e2e'], totals, oneByOne);
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
} catch (error) {
  fail(error);
}

async function runSuites(names, totals, workers) {
  const report = join(root, '.state', `jest-${names.join('-')}.json`);
  const { code, results } = await runJest(['--selectProjects', ...names, workers], report);
  const { numPassedTests, numFailedTests, numFailedTestSuites } = results;
  totals.passed += numPassedTests;
  totals.failed += numFailedTests;
  if (code !== 0) process.exitCode = 1;
  if (code !== 0 && numFailedTestSuites > 0 && numFailedTests === 0) totals.failed += numFailedTestSuites;
}
