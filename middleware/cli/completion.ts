import { Argument, type Command } from 'commander';
import { bashScript } from './completion/bash-script.ts';
import { commandTree, type CompletionCommand } from './completion/command-tree.ts';
import { fishScript } from './completion/fish-script.ts';
import { zshScript } from './completion/zsh-script.ts';
import type { CliContext } from './context.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Readonly<
  Record<string, (program: CompletionCommand) => string>
>;

/** `codex-plus completion SHELL`: a script that completes sub-commands and options without starting anything. */
export function addCompletionCommand(program: Command, context: CliContext): void {
  program
    .command('completion')
    .description('print a script that completes commands and options')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(scripts)))
    .action((shell: keyof typeof scripts) => {
      context.stdout.write(scripts[shell](commandTree(program)));
    });
}
