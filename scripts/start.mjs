// `npm start`: sets up what is missing and runs both tiers; the middleware starts and supervises LiteLLM.
import { ensureSandbox } from './sandbox.mjs';
import { ensureInstalled, fail, nodeBinary, run } from './setup.mjs';

try {
  await ensureInstalled();
  ensureSandbox();
  process.exitCode = await run(nodeBinary(), ['middleware/main.ts', ...process.argv.slice(2)]);
} catch (error) {
  fail(error);
}
