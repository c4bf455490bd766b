import type { ShellWord } from '../../platform/shell/shell-command.ts';
import { grammar, readOptions } from './option-grammar.ts';
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
const scriptOption =
  /^(?:-x|--exec|--extcmd|--open-files-in-pager|-O|--upload-pack|--receive-pack|--(?:tree|index|msg|commit|env|parent|tag-name)-filter)(?:=([^]*))?$/;

/** What git starts: aliases and programs that are set for one call, and those that some subcommands are given. */
export function gitCode(args: readonly ShellWord[]): readonly Started[] {
  const { options, operands, isUnread } = readOptions(args, globalOptions, { stops: true });
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
  if (!/^(?:rebase|difftool|mergetool|grep|filter-branch|fetch|clone|pull|push|ls-remote)$/.test(subcommand))
    return [];
  return rest.flatMap((word, index) => {
    const match = scriptOption.exec(word.value?.replace(/^--[^=]+/, wholeOption) ?? '');
    if (match === null) return [];
    const value = match[1] === undefined ? rest[index + 1] : { ...word, value: match[1] };
    return value === undefined ? [] : scriptOf([value]);
  });
}

const longOptions = ['exec', 'extcmd', 'open-files-in-pager', 'upload-pack', 'receive-pack'].map(
  (name) => `--${name}`,
);

/** Git takes shortened options too. */
function wholeOption(name: string): string {
  return longOptions.find((one) => name.length > 3 && one.startsWith(name)) ?? name;
}
