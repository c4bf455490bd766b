import type { Command } from 'commander';
import { loadConfig } from '../platform/config/load-config.ts';
import { listCommands } from './commands/list-commands.ts';
import { commandListText } from './commands/list-text.ts';
import { previewPrompt } from './commands/preview-prompt.ts';
import { previewText } from './commands/preview-text.ts';
import { withProjectOptions, type ProjectOptions } from './config/project-options.ts';
import { readProject } from './config/read-project.ts';
import type { CliContext } from './context.ts';
import { printResult } from './print.ts';
import { openTrustStore } from './trust/open-trust-store.ts';

/** `codex-plus commands list|preview`: the slash commands of this folder, and what one would become; nothing is run. */
export function addCommandsCommand(program: Command, context: CliContext): void {
  const commands = program.command('commands').description('the slash commands here, and what they become');
  withProjectOptions(
    commands
      .command('list')
      .description('every command with its file')
      .argument('[pattern]', 'part of a name or a description; * stands for anything'),
  ).action(async (pattern: string | undefined, options: ProjectOptions) => {
    const project = await readProject(context, options);
    const found = await listCommands(project, pattern ?? '');
    printResult(
      context,
      options,
      { workspace: project.workspace, ...found },
      commandListText(found, project),
    );
  });
  withProjectOptions(
    commands
      .command('preview')
      .description('what a prompt would become, and what it would run')
      .argument('<prompt...>', '/name and its arguments; behind -- also what looks like an option of ours')
      // Arguments of the command that is previewed may begin with a dash.
      .allowUnknownOption(),
  ).action(async (prompt: readonly string[], options: ProjectOptions) => {
    const { rootDir, env } = context;
    const project = await readProject(context, options);
    const { positionals } = loadConfig({ rootDir, env, isTerminal: false }).commands;
    const store = openTrustStore(context);
    const preview = await previewPrompt(promptOf(prompt), { project, store, positionals });
    printResult(context, options, preview, previewText(preview, project));
  });
}

/** The prompt as it would be typed: a word that the shell kept together stays together. */
function promptOf(words: readonly string[]): string {
  const [call = '', ...args] = words;
  const typed = args.map((word) => (/[\s"]/.test(word) ? `"${word.replaceAll(/["\\]/g, '\\$&')}"` : word));
  return [call, ...typed].join(' ');
}
