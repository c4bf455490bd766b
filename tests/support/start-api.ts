import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { rootDir } from './compose-middleware.ts';
import { until } from './until.ts';

type LogLine = Readonly<Record<string, unknown>>;

/** `codex-plus api` as a user runs it. */
export interface RunningApi {
  readonly url: string;
  readonly lines: readonly LogLine[];
  /** Ends it with SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
  /** Ends it with SIGKILL, at once. */
  readonly kill: () => Promise<void>;
}

interface StartApiOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Where it is called, and where its state is kept. */
  readonly folder: string;
}

/** Starts it with nothing of the developer's environment but PATH, and waits until it listens. Rejects with what it says where it ends before. */
export async function startApi({ env, folder }: StartApiOptions): Promise<RunningApi> {
  const child = spawn(process.execPath, [join(rootDir, 'scripts', 'codex-plus.mjs'), 'api'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], PORT: '0', CODEX_PLUS_STATE_DIR: join(folder, 'state'), ...env },
  });
  const lines: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as LogLine);
  });
  const said = text(child.stderr);
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const listening = (): LogLine | undefined => lines.find(({ message }) => message === 'listening');
  await until(() => listening() !== undefined || child.exitCode !== null, 60_000);
  if (child.exitCode !== null) throw new Error(await said);
  return {
    url: `http://127.0.0.1:${String(listening()?.['port'])}`,
    lines,
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
