import { run } from '../../platform/process/run.ts';
import type { Environment } from '../../platform/config/environment.ts';

/** The Codex CLI that is installed. */
export interface CodexProgram {
  readonly version: string;
  readonly login: 'chatgpt' | 'api-key' | 'none';
}

interface AskOptions {
  readonly program?: string;
  readonly cwd: string;
  readonly env: Environment;
}

const askTimeoutMs = 15_000;

/** Asks Codex for its version and its login; `undefined` where none is on PATH. Its files are never read. */
export async function askCodex({
  program = 'codex',
  cwd,
  env,
}: AskOptions): Promise<CodexProgram | undefined> {
  const ask = (args: readonly string[]): ReturnType<typeof run> =>
    run({
      ...{ file: program, args, cwd, env },
      timeoutMs: askTimeoutMs,
      maxOutputLength: 10_000,
      signal: AbortSignal.timeout(askTimeoutMs),
    });
  const version = /(\d+\.\d+\.\d+\S*)/.exec((await ask(['--version'])).stdout)?.[1];
  if (version === undefined) return undefined;
  const { stdout, stderr } = await ask(['login', 'status']);
  return { version, login: loginOf(`${stdout}\n${stderr}`) };
}

function loginOf(status: string): CodexProgram['login'] {
  if (/logged in using chatgpt/i.test(status)) return 'chatgpt';
  return /logged in using an api key/i.test(status) ? 'api-key' : 'none';
}
