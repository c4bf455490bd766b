// `npm run bench`: sets up what is missing and measures; the numbers of an older Node on the PATH would say nothing of ours.
import { ensureInstalled, fail, nodeBinary, run } from './setup.mjs';

try {
  await ensureInstalled();
  process.exitCode = await run(nodeBinary(), ['benchmarks/main.ts', ...process.argv.slice(2)]);
} catch (error) {
  fail(error);
}
