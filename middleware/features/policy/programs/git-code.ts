import type { ShellWord } from '../../../platform/shell/shell-command.ts';
import { grammar, readOptions, type OptionGrammar, type ReadOptions } from './option-grammar.ts';
import { scriptOf, unread, type Started } from './started.ts';

const globalOptions = grammar(
  '-C= -c= --config-env= --git-dir= --work-tree= --namespace= --super-prefix= --attr-source= --exec-path? -p --paginate -P ' +
    '--no-pager --no-replace-objects --bare --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs ' +
    '--no-optional-locks --html-path --man-path --info-path -v --version -h --help',
);

/** Settings that name a program, or a folder with programs. */
const codeSetting =
  /^(?:alias\.|core\.(?:pager|editor|sshcommand|fsmonitor|hookspath|askpass|gitproxy)|pager\.|sequence\.editor|credential\.|diff\.|merge\.|mergetool\.|difftool\.|filter\.|gpg\.|include|interactive\.|browser\.|man\.|web\.|remote\..*(?:vcs|pack)|url\.|uploadpack|protocol\.|trailer\.|tar\.|init\.templatedir|submodule\.)/i;

/** Options of subcommands whose value is a script for a shell. */
const scriptOptions: ReadonlyMap<string, OptionGrammar> = new Map(
  Object.entries({
    rebase: '-x! --exec!',
    difftool: '-x! --extcmd!',
    grep: '-O! --open-files-in-pager!',
    'filter-branch':
      '--tree-filter! --index-filter! --msg-filter! --commit-filter! --env-filter! --parent-filter! --tag-name-filter! --setup!',
    clone: '-u! --upload-pack!',
    fetch: '--upload-pack!',
    pull: '--upload-pack!',
    'ls-remote': '--upload-pack! --exec!',
    'fetch-pack': '--upload-pack! --exec!',
    push: '--receive-pack! --exec!',
    'send-pack': '--receive-pack! --exec!',
    archive: '--exec!',
    'send-email': '--smtp-server! --sendmail-cmd! --to-cmd! --cc-cmd! --header-cmd!',
  }).map(([name, options]) => [name, grammar(options)]),
);

/** The options in front of git's subcommand, which is the first operand. */
export function readGlobalOptions(
  args: readonly ShellWord[],
  reading: { readonly isLenient?: boolean } = {},
): ReadOptions {
  return readOptions(args, globalOptions, { ...reading, stops: true });
}

/** What git starts: aliases and programs that are set for one call, and those that some subcommands are given. */
export function gitCode(args: readonly ShellWord[]): readonly Started[] {
  const { options, operands, isUnread } = readGlobalOptions(args);
  const [subcommand, ...rest] = operands;
  return [
    ...(isUnread || options.some(({ name }) => name === '--exec-path' || name === '--config-env')
      ? [unread]
      : []),
    ...options.flatMap(({ name, value }) => (name === '-c' ? setProgram(value) : [])),
    ...givenScripts(subcommand?.value ?? '', rest),
  ];
}

function setProgram(setting: ShellWord | undefined): readonly Started[] {
  const [, name = '', value = ''] = /^([^=]*)=?([^]*)$/.exec(setting?.value ?? 'alias.=') ?? [];
  if (!codeSetting.test(name)) return [];
  const script = value.replace(/^!/, '');
  // An alias without `!` is a subcommand of git's.
  const isAlias = /^alias\./i.test(name) && script === value;
  return [unread, { kind: 'script', text: isAlias ? `git ${value}` : script }];
}

function givenScripts(subcommand: string, rest: readonly ShellWord[]): readonly Started[] {
  const command = (from: number): readonly Started[] => [{ kind: 'command', words: rest.slice(from) }];
  if (subcommand === 'bisect' && rest[0]?.value === 'run' && rest.length > 1) return command(1);
  const foreach = rest.findIndex(({ value }) => value === 'foreach');
  if (subcommand === 'submodule' && foreach >= 0)
    return scriptOf(rest.slice(foreach + 1).filter(({ value }) => value !== '--recursive'));
  const known = scriptOptions.get(subcommand);
  if (known === undefined) return [];
  return readOptions(rest, known, { isLenient: true }).options.flatMap(({ kind, value }) =>
    kind === 'script' && value !== undefined ? scriptOf([value]) : [],
  );
}
