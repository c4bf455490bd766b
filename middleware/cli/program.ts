import { UserError } from '../kernel/user-error.ts';
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../platform/config/config-error.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { addApiCommand } from './api/api-command.ts';
import { addCommandsCommand } from './commands.ts';
import { addCompletionCommand } from './completion.ts';
import { addConfigCommand } from './config.ts';
import type { CliContext } from './context.ts';
import { addDoctorCommand } from './doctor.ts';
import { addForwardAuthCommand } from './forward-auth/forward-auth-command.ts';
import { addHooksCommand } from './hooks.ts';
import { addInitCommand } from './init.ts';
import { addLitellmCommand } from './litellm-check.ts';
import { addMcpCommand } from './mcp/mcp-command.ts';
import { addRunCommand } from './run.ts';
import { addStartCommand } from './start.ts';
import { addModelsCommand } from './models.ts';
import { addStatusCommand } from './status.ts';
import { addStopCommand } from './stop.ts';
import { systemError } from './system-error.ts';
import { addTrustCommand } from './trust.ts';
import { addUninstallCommand } from './uninstall.ts';
import { visibleStream } from './output/visible-stream.ts';

/** Runs one call of `codex-plus` and resolves with its exit code; what went wrong is one line on stderr. */
export async function runCli(args: readonly string[], given: CliContext, version: string): Promise<number> {
  const context = { ...given, stdout: visibleStream(given.stdout), stderr: visibleStream(given.stderr) };
  try {
    await createProgram(context, version).parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    // commander has printed help, the version or what is wrong with the call.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const told = error instanceof UserError || error instanceof ConfigError ? error : systemError(error);
    if (told === undefined) throw error;
    if (told.message !== '') context.stderr.write(`${told.message}\n`);
    return told instanceof CliError ? told.exitCode : exitCodes.failed;
  }
}

function createProgram(context: CliContext, version: string): Command {
  const program = new Command('codex-plus')
    .description('One base URL in front of every LLM.')
    .version(version)
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `\nExit codes: ${exitCodes.ok} done, ${exitCodes.failed} failed, ${exitCodes.usage} wrong call, ${exitCodes.notRunning} nothing runs.`,
    );
  for (const add of subCommands) add(program, context);
  return program;
}

/** In the order in which the help shows them. */
const subCommands: readonly ((program: Command, context: CliContext) => void)[] = [
  addStartCommand,
  addStopCommand,
  addStatusCommand,
  addModelsCommand,
  addApiCommand,
  addRunCommand,
  addInitCommand,
  addUninstallCommand,
  addDoctorCommand,
  addConfigCommand,
  addCommandsCommand,
  addHooksCommand,
  addMcpCommand,
  addTrustCommand,
  addLitellmCommand,
  addForwardAuthCommand,
  addCompletionCommand,
];
