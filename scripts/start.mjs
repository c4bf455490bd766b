// `npm start`: sets up what is missing and runs both tiers; the middleware starts and supervises LiteLLM.
import { ensureSandbox } from './sandbox.mjs';
import { ensureInstalled, fail, nodeBinary, run } from './setup.mjs';

try {
  await ensureInstalled();
  ensureSandbox();
  const args = ['middleware/main.ts', ...process.argv.slice(2)];
  // Of the C library's pools of memory two are enough; each more of them keeps what it once had.
  const env = { MALLOC_ARENA_MAX: '2', ...process.env };
  process.exitCode = await run(nodeBinary(), args, env, { channel: true });
} catch (error) {
  fail(error);
}
