import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject } from '../../../kernel/json-object.ts';
import type { Environment } from '../../../platform/config/environment.ts';
import { run } from '../../../platform/process/run.ts';
import type { CliContext } from '../../context.ts';
import type { DaemonFacts } from '../facts.ts';

const limitMs = 5_000;

/** The app-server that runs in the background for a Codex home; `undefined` when none does. */
export async function findDaemon(context: CliContext, codexHome: string): Promise<DaemonFacts | undefined> {
  const pid = await readPid(join(codexHome, 'app-server-daemon', 'daemon.pid'));
  // The number may be another program's by now.
  if (pid === undefined || !(await commandOf(context, pid)).includes('--managed-daemon')) return undefined;
  return { pid, env: await environmentOf(pid) };
}

async function readPid(file: string): Promise<number | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    const pid = isJsonObject(value) ? value['pid'] : undefined;
    return typeof pid === 'number' && Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    // No daemon was ever started for this home, or it is just being started.
    return undefined;
  }
}

async function commandOf({ cwd, env }: CliContext, pid: number): Promise<string> {
  const asked = await run({
    ...{ file: 'ps', args: ['-ww', '-o', 'command=', '-p', String(pid)], cwd, env },
    ...{ timeoutMs: limitMs, maxOutputLength: 100_000, signal: AbortSignal.timeout(limitMs) },
  });
  return asked.stdout;
}

/** What a process was started with, where Linux tells its owner. */
async function environmentOf(pid: number): Promise<Environment | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/environ`, 'utf8');
    const pairs = text.split('\0').filter((pair) => pair.includes('='));
    return Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
  } catch {
    return undefined;
  }
}
