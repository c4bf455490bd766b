import { allCommands, type CompletionCommand, type Values } from './command-tree.ts';

/**
 * Completion for bash 3.2, which macOS has, and later. It knows every word beforehand, so that a press of the key starts no
 * program, and nothing of what was typed is ever evaluated.
 */
export function bashScript(program: CompletionCommand): string {
  const commands = allCommands(program);
  return `# Completion of ${program.name} for bash; written by \`${program.name} completion bash\`.
_codex_plus() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local at='' word i words='' options=''
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$at/$word" in
${commands.flatMap(steps).map(indented(6)).join('\n')}
    esac
  done
  case "$at/$previous" in
${commands.flatMap(optionValues).map(indented(4)).join('\n')}
  esac
  case "$at" in
${commands.map(suggestions).map(indented(4)).join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
  esac
}
complete -F _codex_plus ${program.name}
`;
}

/** Names may have spaces; bash 3.2 has no compopt, and then shows whole paths. */
const files = `local IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current"))`;

function indented(columns: number): (line: string) => string {
  return (line) => ' '.repeat(columns) + line;
}

/** How one typed word changes where we are. */
function steps({ path, commands, options, values }: CompletionCommand): string[] {
  const down = commands.map((child) => child.path);
  const taking = options.filter((option) => option.values !== undefined);
  return [
    ...(down.length === 0 ? [] : [`${down.join(' | ')}) at=$at/$word ;;`]),
    ...(taking.length === 0 ? [] : [`${patterns(path, taking)}) i=$((i + 1)) ;;`]),
    ...(values.kind === 'program' ? programSteps(path) : []),
  ];
}

/** The program begins at the first word that is no option; bash makes words of the colon and what follows in a URL. */
function programSteps(path: string): string[] {
  return [
    `${path}/-* | ${path}/: | ${path}/= | ${path}///*) ;;`,
    `${path}/*)`,
    '  # With the package bash-completion, the program completes its own arguments.',
    `  if declare -F _command_offset >/dev/null; then _command_offset "$i"; else ${files}; fi`,
    '  return',
    '  ;;',
  ];
}

function optionValues({ path, options }: CompletionCommand): string[] {
  return options.flatMap((option) =>
    option.values === undefined
      ? []
      : [`${patterns(path, [option])}) ${generated(option.values)}; return ;;`],
  );
}

function suggestions({ path, commands, options, values }: CompletionCommand): string {
  const own = values.kind === 'words' ? values.words : [];
  const words = [...commands.map(({ name }) => name), ...own];
  const names = options.flatMap((option) => option.names);
  const other = values.kind === 'files' || values.kind === 'program';
  const first = other ? ` case "$current" in -*) ;; *) ${generated(values)}; return ;; esac;` : '';
  return `'${path}')${first} words='${words.join(' ')}' options='${names.join(' ')}' ;;`;
}

function patterns(path: string, options: CompletionCommand['options']): string {
  return options.flatMap(({ names }) => names.map((name) => `${path}/${name}`)).join(' | ');
}

function generated(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `COMPREPLY=($(compgen -W '${values.words.join(' ')}' -- "$current"))`;
    case 'files':
      return files;
    case 'program':
      return 'COMPREPLY=($(compgen -c -- "$current"))';
    case 'anything':
      return ':';
  }
}
