// `npm run fuzz [factor] [path]`: the random tests of `npm test` with many more inputs (200 times as many), from a new seed each time.
// `FUZZ_SEED=n npm run fuzz` repeats a run.
import { ensureInstalled, fail, nodeBinary, run } from './setup.mjs';

try {
  await ensureInstalled();
  const [factor = '200', ...paths] = process.argv.slice(2);
  const seed = process.env.FUZZ_SEED ?? String(Date.now() % 2 ** 31);
  console.log(`seed ${seed}, ${factor} times the inputs of npm test`);
  process.exitCode = await run(
    nodeBinary(),
    [
      '--experimental-vm-modules',
      '--expose-gc',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--selectProjects',
      'unit',
      'integration',
      '--testTimeout=3600000',
      '--maxWorkers=2',
      ...(paths.length === 0 ? ['/fuzz/'] : paths),
    ],
    { ...process.env, FUZZ_FACTOR: factor, FUZZ_SEED: seed },
  );
} catch (error) {
  fail(error);
}
