// `npm run dev`: both tiers with reload. LiteLLM runs beside the middleware, so that an edit of our code does not restart it.
import { ensureInstalled, fail, nodeBinary, run } from './setup.mjs';

try {
  await ensureInstalled();
  const node = nodeBinary();
  // Whoever edits wants to see it: a running stream does not hold up a reload for the usual minute.
  const env = { CODEX_PLUS_DRAIN_TIMEOUT_MS: '3000', ...process.env, CODEX_PLUS_LITELLM_MODE: 'external' };
  const litellm = run(node, ['litellm/start.ts'], env);
  const middleware = run(node, ['--watch', '--watch-preserve-output', 'middleware/main.ts'], env);
  const codes = await Promise.all([middleware, litellm]);
  process.exitCode = Math.max(...codes);
} catch (error) {
  fail(error);
}
