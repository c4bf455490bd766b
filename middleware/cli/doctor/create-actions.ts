import { run } from '../../platform/process/run.ts';
import type { CliContext } from '../context.ts';
import { startDetached } from '../start.ts';
import type { Actions } from './actions.ts';

const limitMs = 20_000;

/** The doctor's hands. What they tell goes to stderr, since stdout may be for a program. */
export function createActions(context: CliContext): Actions {
  const { cwd, env, stderr } = context;
  return {
    start: () => startDetached({ ...context, stdout: stderr }),
    stopDaemon: async () => {
      const stopped = await run({
        ...{ file: 'codex', args: ['app-server', 'daemon', 'stop'], cwd, env },
        ...{ timeoutMs: limitMs, maxOutputLength: 100_000, signal: AbortSignal.timeout(limitMs) },
      });
      if (stopped.exitCode !== 0) throw new Error(`codex app-server daemon stop ${stopped.summary}`);
    },
    whoListens: (port) =>
      process.platform === 'win32'
        ? `netstat -ano | findstr :${port}`
        : `lsof -nP -iTCP:${port} -sTCP:LISTEN`,
  };
}
