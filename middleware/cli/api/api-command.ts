import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { runMain } from '../instance/run-main.ts';

/** `codex-plus api`: an OpenAI-compatible service over Codex alone, in the foreground. Its settings are variables. */
export function addApiCommand(program: Command, context: CliContext): void {
  program
    .command('api')
    .description(
      'serve Codex itself as an OpenAI-compatible API; variables configure it, see docs/codex-api.md',
    )
    .action(async () => {
      await runMain(context, { args: ['api'], cwd: context.cwd });
    });
}
