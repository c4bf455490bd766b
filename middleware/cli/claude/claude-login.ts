import type { Environment } from '../../platform/config/environment.ts';
import { run } from '../../platform/process/run.ts';

interface AskOptions {
  readonly program: string;
  readonly cwd: string;
  readonly env: Environment;
}

const askTimeoutMs = 15_000;

/**
 * Asks Claude Code whether it has something to sign in with: a subscription, a key, a token. Its files are never read.
 * Where it cannot be asked it counts as not logged in.
 */
export async function isClaudeLoggedIn({ program, cwd, env }: AskOptions): Promise<boolean> {
  const { stdout } = await run({
    ...{ file: program, args: ['auth', 'status'], cwd, env },
    timeoutMs: askTimeoutMs,
    maxOutputLength: 10_000,
    signal: AbortSignal.timeout(askTimeoutMs),
  });
  return /"loggedIn"\s*:\s*true/.test(stdout);
}
