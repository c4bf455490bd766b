// `npm run escapes`: how many lines of tests/fixtures/escapes get past the permission rules; see tests/support/escapes/main.ts.
import { ensureInstalled, fail, nodeBinary, run } from './setup.mjs';

try {
  await ensureInstalled();
  process.exitCode = await run(nodeBinary(), ['tests/support/escapes/main.ts', ...process.argv.slice(2)]);
} catch (error) {
  fail(error);
}
