import { allCommands, type CompletionCommand, type CompletionOption, type Values } from './command-tree.ts';

/** Completion for zsh, for `source` as well as for a file `_codex-plus` in a folder of `fpath`. */
export function zshScript(program: CompletionCommand): string {
  return `#compdef ${program.name}
# Completion of ${program.name} for zsh; written by \`${program.name} completion zsh\`.
${allCommands(program).map(functionOf).join('\n')}
if [ "$funcstack[1]" = "_${program.name}" ]; then
  ${functionName(program)} "$@"
else
  compdef ${functionName(program)} ${program.name}
fi
`;
}

function functionOf(command: CompletionCommand): string {
  const options = command.options.map(optionSpec);
  if (command.commands.length === 0) {
    return `${functionName(command)}() {\n  ${argumentsCall([...options, ...valueSpecs(command.values)])}\n}`;
  }
  return `${functionName(command)}() {
  local curcontext="$curcontext" state line
  ${argumentsCall([...options, quoted('1: :->command'), quoted('*:: :->rest')], '-C')}
  case $state in
    command)
      local -a commands=(
${command.commands.map(({ name, description }) => `        ${quoted(`${name}:${description}`)}`).join('\n')}
      )
      _describe -t commands command commands
      ;;
    rest)
      case $words[1] in
${command.commands.map((child) => `        ${child.name}) ${functionName(child)} ;;`).join('\n')}
      esac
      ;;
  esac
}`;
}

function argumentsCall(specs: readonly string[], ...flags: readonly string[]): string {
  return ['_arguments -s -S', ...flags, ...specs].join(' \\\n    ');
}

function optionSpec({ names, description, values }: CompletionOption): string {
  const text = quoted(
    `[${description.replace(/[[\]]/g, '\\$&')}]${values === undefined ? '' : valueSpec(values)}`,
  );
  const [only = ''] = names;
  return names.length === 1
    ? `${quoted(only)}${text}`
    : `${quoted(`(${names.join(' ')})`)}{${names.join(',')}}${text}`;
}

/** Which values an option takes: a colon, what they are, a colon, and where they come from. */
function valueSpec(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `:value:(${values.words.join(' ')})`;
    case 'files':
      return ':file:_files';
    case 'program':
      return ':program:_command_names -e';
    case 'anything':
      return ':value: ';
  }
}

function valueSpecs(values: Values): string[] {
  if (values.kind === 'anything') return [];
  // The program completes its own arguments.
  if (values.kind === 'program')
    return [quoted('(-)1:program:_command_names -e'), quoted('*::arguments:_normal')];
  return [quoted(`*${valueSpec(values)}`)];
}

function functionName({ path }: CompletionCommand): string {
  return `_codex_plus${path.replaceAll('/', '_').replaceAll('-', '_')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
