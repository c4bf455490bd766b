import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rootDir } from '../compose-middleware.ts';
import { until } from '../until.ts';

/** `codex-plus forward-auth` as systemd and the container start it. */
export interface RunningForwardAuth {
  readonly port: number;
  readonly url: string;
  /** All that it printed so far. */
  readonly output: () => string;
  /** Ends it with a signal; resolves with its exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

const program = ['middleware/cli/main.ts', 'forward-auth'];

export async function startForwardAuth(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = ['--port', '0'],
): Promise<RunningForwardAuth> {
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: rootDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: rootDir, CODEX_PLUS_LOG_FORMAT: 'json', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  await until(() => output.includes('"listening"') || child.exitCode !== null, 60_000);
  const port = Number(/"listening".*"port":(\d+)/.exec(output)?.[1]);
  if (!Number.isInteger(port)) throw new Error(`it did not start: ${output}`);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}
