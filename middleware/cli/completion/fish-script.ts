import { allCommands, type CompletionCommand, type CompletionOption, type Values } from './command-tree.ts';

/** Completion for fish. */
export function fishScript(program: CompletionCommand): string {
  const commands = allCommands(program);
  const paths = commands.map(({ path }) => path).filter((path) => path !== '');
  return `# Completion of ${program.name} for fish; written by \`${program.name} completion fish\`.
function __codex_plus_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        if contains -- "$at/$word" ${paths.join(' ')}
            set at "$at/$word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c ${program.name} -f
${commands.flatMap((command) => linesOf(program.name, command)).join('\n')}
`;
}

function linesOf(program: string, { path, commands, options, values }: CompletionCommand): string[] {
  const begin = `complete -c ${program} -n ${quoted(`__codex_plus_at '${path}'`)}`;
  return [
    ...commands.map(({ name, description }) => `${begin} -a ${name} -d ${quoted(description)}`),
    ...options.map((option) => `${begin} ${optionFlags(option)}`),
    ...valueFlags(values).map((flags) => `${begin} ${flags}`),
  ];
}

function optionFlags({ names, description, values }: CompletionOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const taken = values === undefined ? [] : ['-r', ...valueFlags(values)];
  return [...flags, ...taken, '-d', quoted(description)].join(' ');
}

function valueFlags(values: Values): string[] {
  switch (values.kind) {
    case 'words':
      return [`-a ${quoted(values.words.join(' '))}`];
    case 'files':
      return ['-F'];
    case 'program':
      return [`-a ${quoted('(__fish_complete_subcommand --fcs-skip=2)')}`];
    case 'anything':
      return [];
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
