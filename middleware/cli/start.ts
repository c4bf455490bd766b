import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { loadConfig } from '../platform/config/load-config.ts';
import { makeFolder } from '../platform/store/make-folder.ts';
import { makeStateFolder } from '../platform/store/make-state-folder.ts';
import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { findInstance } from './instance/find-instance.ts';
import { litellmStateText } from './instance/litellm-state-text.ts';
import { mainFile, runMain } from './instance/run-main.ts';

/** How long a start in the background may take until it listens; LiteLLM may take longer. */
const listenTimeoutMs = 30_000;
const pollMs = 100;

/** `codex-plus start`: both tiers, in the foreground or, with `--detach`, in the background. */
export function addStartCommand(program: Command, context: CliContext): void {
  program
    .command('start')
    .description('start both tiers')
    .option('-d, --detach', 'run in the background; the log goes to a file')
    .action(async (options: { readonly detach?: boolean }) => {
      const found = await findInstance(context);
      if (found.health !== undefined) {
        const other = found.instance?.pid === found.health.pid ? '' : ', with another state folder';
        context.stdout.write(`it runs already at ${found.url} (pid ${found.health.pid}${other})\n`);
        return;
      }
      await (options.detach === true ? startDetached(context) : startHere(context));
    });
}

async function startHere(context: CliContext): Promise<void> {
  const { rootDir, env } = context;
  makeStateFolder(loadConfig({ rootDir, env, isTerminal: false }).stateDir);
  await runMain(context, { args: [], cwd: rootDir });
}

/** Starts both tiers in the background, and resolves when the middleware listens. */
export async function startDetached(context: CliContext): Promise<void> {
  const { rootDir, env, stdout } = context;
  const { stateDir } = loadConfig({ rootDir, env, isTerminal: false });
  makeStateFolder(stateDir);
  // One that may not be written is a fault here: the log goes there.
  makeFolder(stateDir);
  const logFile = join(stateDir, 'codex-plus.log');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [mainFile(rootDir)], {
    ...{ cwd: rootDir, env, detached: true },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  stdout.write('starting …\n');
  // Not the time of day, which may be set meanwhile.
  const deadline = performance.now() + listenTimeoutMs;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const { url, instance, health } = await findInstance(context);
    if (health !== undefined && instance?.pid === child.pid) {
      stdout.write(
        `running at ${url} (pid ${health.pid}); LiteLLM is ${litellmStateText(health.litellm.state)}; log: ${logFile}\n`,
      );
      return;
    }
    await sleep(pollMs);
  }
  throw new CliError(`the middleware did not start; ${logFile} says why`);
}
