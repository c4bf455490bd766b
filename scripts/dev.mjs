// `npm run dev`: both tiers with reload. LiteLLM runs beside the middleware, so that an edit of our code does not restart it.
import { ensureInstalled, fail, nodeBinary, run } from './setup.mjs';

try {
  await ensureInstalled();
  const node = nodeBinary();
  const env = { ...process.env, CODEX_PLUS_LITELLM_MODE: 'external' };
  const litellm = run(node, ['litellm/start.ts']);
  const middleware = run(node, ['--watch', '--watch-preserve-output', 'middleware/main.ts'], env);
  const codes = await Promise.all([middleware, litellm]);
  process.exitCode = Math.max(...codes);
} catch (error) {
  fail(error);
}
