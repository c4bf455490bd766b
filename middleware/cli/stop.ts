import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { CliError, exitCodes } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { findInstance } from './instance/find-instance.ts';
import { otherThatRuns } from './instance/other-that-runs.ts';
import { ownConfig } from './instance/own-config.ts';

const pollMs = 100;
/** What comes after the drain: LiteLLM's own end. */
const graceMs = 15_000;

/** `codex-plus stop`: takes nothing new, lets running streams finish, then ends both tiers. */
export function addStopCommand(program: Command, context: CliContext): void {
  program
    .command('stop')
    .description('stop both tiers; running streams may finish')
    .option('--api', 'stop codex-plus api, and not the two tiers')
    .action(async ({ api: isApi = false }: { readonly api?: boolean }) => {
      const { url, instance, health } = await findInstance(context, undefined, isApi);
      // A number in a file may be another process by now: only the one that answers with it is ended.
      if (instance === undefined || health?.pid !== instance.pid) {
        throw new CliError(
          health === undefined
            ? `nothing answers at ${url}${await otherThatRuns(context, { command: 'stop', isApi })}`
            : `the middleware at ${url} has another state folder; stop it where it was started`,
          exitCodes.notRunning,
        );
      }
      const { stdout } = context;
      const { drainTimeoutMs } = ownConfig(context, isApi).server;
      process.kill(instance.pid, 'SIGTERM');
      stdout.write('stopping; running streams may finish …\n');
      const deadline = performance.now() + drainTimeoutMs + graceMs;
      while (isAlive(instance.pid)) {
        if (performance.now() > deadline)
          throw new CliError(`pid ${instance.pid} is still there; end it by hand`);
        await sleep(pollMs);
      }
      stdout.write('stopped\n');
    });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: it is gone.
    return false;
  }
}
