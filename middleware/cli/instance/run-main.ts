import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';

interface RunMainOptions {
  readonly args: readonly string[];
  readonly cwd: string;
}

/**
 * Runs the middleware's entry in the foreground, until it ends. Rejects where it ends with an error; that a signal which was
 * passed on ended it before it had begun to listen to signals is none.
 */
export async function runMain(
  { rootDir, env }: Pick<CliContext, 'rootDir' | 'env'>,
  { args, cwd }: RunMainOptions,
): Promise<void> {
  // Over the channel it sees that this process has gone.
  const child = spawn(process.execPath, [mainFile(rootDir), ...args], {
    ...{ cwd, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  });
  const forwarded = new Set<NodeJS.Signals>();
  const forward = (signal: NodeJS.Signals): void => {
    forwarded.add(signal);
    child.kill(signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => {
      resolve(exitCode ?? (signal !== null && forwarded.has(signal) ? 0 : 1));
    });
  });
  if (code !== 0) throw new CliError('the middleware ended with an error; the lines above say why', code);
}

/** The middleware's entry, in the sources or in the build, as this file is. */
export function mainFile(rootDir: string): string {
  const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
  return join(rootDir, extension === 'ts' ? '' : 'dist', 'middleware', `main.${extension}`);
}
