import type { Argument, Command, Option } from 'commander';

/** A command as the scripts complete it. */
export interface CompletionCommand {
  readonly name: string;
  /** The names that lead to it, each behind a slash: `/litellm/check`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  readonly commands: readonly CompletionCommand[];
  readonly options: readonly CompletionOption[];
  /** What stands where no option and no sub-command does. */
  readonly values: Values;
}

export interface CompletionOption {
  /** `-d` and `--detach`. */
  readonly names: readonly string[];
  readonly description: string;
  /** What it takes; `undefined` where it takes nothing. */
  readonly values: Values | undefined;
}

/** `program`: a program with arguments of its own. `anything`: nobody can guess it. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'program' }
  | { readonly kind: 'anything' };

/** Reads off a program's commands, options and arguments what can be completed. */
export function commandTree(command: Command, parent?: CompletionCommand): CompletionCommand {
  const help = command.createHelp();
  const [argument] = command.registeredArguments;
  const own: CompletionCommand = {
    name: command.name(),
    path: parent === undefined ? '' : `${parent.path}/${command.name()}`,
    description: command.description(),
    commands: [],
    options: help.visibleOptions(command).map(completionOption),
    values: argument === undefined ? { kind: 'anything' } : valuesOf(argument.name(), argument),
  };
  return { ...own, commands: help.visibleCommands(command).map((child) => commandTree(child, own)) };
}

/** A command and all below it. */
export function allCommands(command: CompletionCommand): CompletionCommand[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function completionOption(option: Option): CompletionOption {
  const { short, long, description, flags } = option;
  const takesValue = option.required || option.optional;
  const name = /[<[]([\w-]+)/.exec(flags)?.[1] ?? '';
  return {
    names: [short, long].filter((known) => known !== undefined),
    description,
    values: takesValue ? valuesOf(name, option) : undefined,
  };
}

function valuesOf(name: string, { argChoices }: Pick<Argument | Option, 'argChoices'>): Values {
  if (argChoices !== undefined) return { kind: 'words', words: argChoices };
  if (name === 'client') return { kind: 'program' };
  return { kind: /file|folder|path|dir/.test(name) ? 'files' : 'anything' };
}
