// `npm run soak -- MINUTES`: serves sound and hostile calls side by side and watches what the process holds.
import { ensureSandbox } from './sandbox.mjs';
import { ensureInstalled, fail, nodeBinary, run } from './setup.mjs';

try {
  await ensureInstalled();
  ensureSandbox();
  process.exitCode = await run(nodeBinary(), ['benchmarks/soak.ts', ...process.argv.slice(2)]);
} catch (error) {
  fail(error);
}
