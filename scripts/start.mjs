// `npm start`: sets up what is missing and runs both tiers; the middleware starts and supervises LiteLLM.
import { ensureSandbox } from './sandbox.mjs';
import { ensureInstalled, fail, nodeBinary, run } from './setup.mjs';

try {
  await ensureInstalled();
  ensureSandbox();
  const args = ['middleware/main.ts', ...process.argv.slice(2)];
  process.exitCode = await run(nodeBinary(), args, process.env, { channel: true });
} catch (error) {
  fail(error);
}
