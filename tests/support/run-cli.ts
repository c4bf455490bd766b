import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { codexProgram } from './codex-program.ts';
import { rootDir } from './compose-middleware.ts';

export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where it is called; the project's root unless the test says otherwise. */
  readonly cwd?: string;
}

/** Runs `codex-plus` as a user does, through its script, with nothing of the developer's environment but PATH. */
export async function runCli(
  args: readonly string[],
  { env = {}, cwd = rootDir }: CliOptions = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [join(rootDir, 'scripts', 'codex-plus.mjs'), ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: pathWithCodex, ...env },
  });
  const [exited, stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode: exited[0], stdout, stderr };
}

/** The Codex that the tests run comes first: the `.bin` of the `node_modules` that it is installed in. */
export const pathWithCodex = [join(codexProgram, '..', '..', '..', '..', '.bin'), process.env['PATH']].join(
  delimiter,
);
