import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { treeOf } from '../../middleware/platform/process/process-tree.ts';
import { readRunningFile } from '../../middleware/platform/store/running-file.ts';
import { rootDir } from './compose-middleware.ts';
import { until } from './until.ts';

type LogLine = Readonly<Record<string, unknown>>;

/** `codex-plus api` as a user runs it. */
export interface RunningApi {
  readonly url: string;
  readonly lines: readonly LogLine[];
  /** Resolves with the exit code, whoever ends it. */
  readonly exited: Promise<number | null>;
  /** Ends it with SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
  /** Ends one of its processes with SIGKILL, at once: the script, the command line that it runs, or the service which that runs. */
  readonly kill: (process: 'script' | 'command line' | 'service') => Promise<void>;
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
    exited: exited.then(([code]) => code),
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
    kill: async (name) => {
      const service = readRunningFile(join(folder, 'state', 'api'))?.pid;
      const others = (await treeOf(Number(child.pid))).filter(
        ({ pid }) => pid !== child.pid && pid !== service,
      );
      const pid = { script: child.pid, 'command line': others[0]?.pid, service }[name];
      process.kill(Number(pid), 'SIGKILL');
      await exited;
    },
  };
}
