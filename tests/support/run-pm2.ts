import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { rootDir } from './compose-middleware.ts';
import { makeTestFolder } from './start-middleware.ts';

/** A PM2 of its own, with nobody else's programs in it. */
export interface Pm2 {
  /** Runs a PM2 command to its end; resolves with what it printed, rejects when it failed. */
  readonly run: (...args: readonly string[]) => Promise<string>;
  readonly list: () => Promise<readonly Pm2App[]>;
  /** What a program has written to its standard output. */
  readonly output: (app: string) => Promise<string>;
  /** Ends it with all that it runs. */
  readonly kill: () => Promise<void>;
}

export interface Pm2App {
  readonly name: string;
  readonly pid: number;
  readonly status: string;
  readonly restarts: number;
}

interface RawApp {
  readonly name: string;
  readonly pid: number;
  readonly pm2_env: { readonly status: string; readonly restart_time: number };
}

/** `env` is the whole environment of the programs, with what is needed to find them added. */
export async function startPm2(env: Readonly<Record<string, string>>): Promise<Pm2> {
  const home = await makeTestFolder('pm2');
  const run = async (...args: readonly string[]): Promise<string> => {
    const child = spawn(process.execPath, [join(rootDir, 'node_modules/pm2/bin/pm2'), '--silent', ...args], {
      cwd: rootDir,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PM2_HOME: home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit') as Promise<[number | null]>;
    const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    if (code !== 0) throw new Error(`pm2 ${args.join(' ')} ended with ${code}: ${errors}${out}`);
    return out;
  };
  return {
    run,
    list: async () =>
      (JSON.parse(await run('jlist')) as RawApp[]).map(
        ({ name, pid, pm2_env: { status, restart_time } }) => ({
          ...{ name, pid, status, restarts: restart_time },
        }),
      ),
    output: (app) => readFile(join(home, 'logs', `${app}-out.log`), 'utf8'),
    kill: async () => {
      await run('kill');
      await rm(home, { recursive: true, force: true });
    },
  };
}
