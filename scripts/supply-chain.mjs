// `npm run sbom`, `npm run audit`, `npm run licences` and `check:licences` of the gate; see scripts/supply-chain/main.ts.
import { ensureInstalled, fail, nodeBinary, run } from './setup.mjs';

try {
  await ensureInstalled();
  process.exitCode = await run(nodeBinary(), ['scripts/supply-chain/main.ts', ...process.argv.slice(2)]);
} catch (error) {
  fail(error);
}
