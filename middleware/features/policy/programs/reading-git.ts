import { plainWord } from '../../../platform/shell/shell-command.ts';
import { grammar, readOptions, type GivenOption, type OptionGrammar } from './option-grammar.ts';

const commits =
  '-p -u -s --patch --no-patch --stat? --numstat --shortstat --dirstat? --summary --compact-summary --name-only --name-status ' +
  '--raw -z --oneline --graph --decorate? --no-decorate --decorate-refs= --all --branches? --tags? --remotes? -n= --max-count= ' +
  '--skip= --since= --after= --until= --before= --author= --committer= --grep= -i --regexp-ignore-case -E --extended-regexp -F ' +
  '--fixed-strings -P --perl-regexp --all-match --invert-grep --merges --no-merges --first-parent --reverse --date= --abbrev? ' +
  '--abbrev-commit --no-abbrev-commit --no-abbrev --follow --full-history --dense --sparse --simplify-merges --topo-order ' +
  '--date-order --author-date-order --left-right --left-only --right-only --cherry-pick --cherry-mark --cherry --color? ' +
  '--no-color --cached --staged --merge-base --word-diff? --word-diff-regex= --color-words? --color-moved? -U= --unified= ' +
  '-w --ignore-all-space -b --ignore-space-change --ignore-space-at-eol --ignore-cr-at-eol --ignore-blank-lines --minimal ' +
  '--patience --histogram --diff-algorithm= --no-renames -M? -C? --find-renames? --find-copies? --find-copies-harder ' +
  '--diff-filter= -S= -G= --pickaxe-regex --pickaxe-all -L= --relative? --no-relative --check --full-index --binary ' +
  '--exit-code --quiet -q --no-ext-diff --no-textconv --no-prefix --src-prefix= --dst-prefix= --ignore-submodules? ' +
  '--submodule? -W --function-context --cc -c -m --text -a --notes? --no-notes --source --boundary -g --walk-reflogs ' +
  '--no-walk? --parents --children --inter-hunk-context= -O< -R -#';

/** What is told of a format that has nothing checked by another program: signatures are. */
const formats = '--format= --pretty?';

const blame =
  '-L= -l -t -e -w -M? -C? -s -f -n -p --porcelain --line-porcelain --root --show-stats --date= --since= --first-parent ' +
  '--reverse --abbrev= --show-email --show-name --show-number --ignore-rev= -c --incremental';

/** Subcommands that only read, with the options with which they do. */
const subcommands: ReadonlyMap<string, OptionGrammar> = new Map(
  Object.entries({
    status:
      '-s --short -b --branch --porcelain? --long -v --verbose -u? --untracked-files? --ignored? -z --column? --no-column ' +
      '--ahead-behind --no-ahead-behind --renames --no-renames --find-renames? --show-stash --ignore-submodules?',
    log: `${commits} ${formats}`,
    diff: commits,
    show: `${commits} ${formats}`,
    blame,
    annotate: blame,
    'ls-files':
      '-c --cached -d --deleted -m --modified -o --others -i --ignored -s --stage -u --unmerged -z -x= --exclude= -X< ' +
      '--exclude-from< --exclude-standard --error-unmatch --full-name --abbrev? --directory -t -v -f --eol --recurse-submodules',
    'ls-tree':
      '-d -r -t -l --long -z --name-only --name-status --object-only --full-name --full-tree --abbrev?',
    'rev-parse':
      '--show-toplevel --abbrev-ref --short? --git-dir --absolute-git-dir --git-common-dir --is-inside-work-tree ' +
      '--is-inside-git-dir --is-bare-repository --show-prefix --show-cdup --verify -q --quiet --symbolic-full-name --symbolic ' +
      '--revs-only --all --branches? --tags? --remotes? --show-superproject-working-tree',
    describe:
      '--tags --all --always --long --abbrev= --dirty? --exact-match --match= --exclude= --first-parent --contains --candidates=',
    'rev-list': `${commits} --count`,
    'merge-base': '-a --all --octopus --independent --is-ancestor --fork-point',
    'show-ref': '--head --heads --branches --tags -d --dereference -s --hash? --verify --abbrev? -q --quiet',
    'for-each-ref':
      '--count= --sort= --format= --points-at= --merged? --no-merged? --contains? --no-contains? --ignore-case',
    shortlog:
      '-n --numbered -s --summary -e --email -c --committer --group= --since= --until= --no-merges --all',
    'cat-file': '-p -t -s -e',
    'name-rev': '--tags --refs= --all --name-only --always',
    'count-objects': '-v --verbose -H --human-readable',
  }).map(([name, options]) => [name, grammar(options)]),
);

const listings =
  '-a --all -r --remotes -v -vv --verbose --contains? --no-contains? --merged? --no-merged? --sort= --points-at= --column? ' +
  '--no-column --color? --no-color -i --ignore-case --abbrev= --no-abbrev --format=';

/** Subcommands that only read where they are given no names, or are told to list. */
const lists: ReadonlyMap<string, OptionGrammar> = new Map([
  ['branch', grammar(`--show-current --list ${listings}`)],
  ['tag', grammar(`-l --list -n? ${listings}`)],
  ['remote', grammar('-v --verbose')],
]);

/** Whether git only reads: known subcommands with options of their manuals that write nothing and start nothing. */
export function isReadingGit(args: readonly string[]): boolean {
  const [subcommand = '', ...rest] = args[0] === '--no-pager' ? args.slice(1) : args;
  const words = rest.map(plainWord);
  const list = lists.get(subcommand);
  if (list !== undefined) return isListing(subcommand, rest, list);
  if (isReadingPart(subcommand, rest)) return true;
  const options = subcommands.get(subcommand);
  if (options === undefined) return false;
  const read = readOptions(words, options);
  return (
    !read.isUnread &&
    read.options.every(isPlainFormat) &&
    !(subcommand === 'cat-file' && read.options.length === 0)
  );
}

/**
 * A signature is checked by another program. What a format of another name holds, only the settings of the
 * repository tell.
 */
function isPlainFormat({ name, value }: GivenOption): boolean {
  const text = value?.value ?? '';
  if (/%[-+ ]?G|%\(\*?signature/.test(text)) return false;
  if (!/^--(?:format|pretty)$/.test(name) || text.includes('%')) return true;
  return /^(?:t?format:[^]*|oneline|short|medium|full|fuller|reference|email|mboxrd|raw|)$/.test(text);
}

function isListing(subcommand: string, rest: readonly string[], options: OptionGrammar): boolean {
  if (subcommand === 'remote' && rest[0] === 'get-url')
    return rest.slice(1).every((arg) => /^(?:--push|--all|[\w./]+)$/.test(arg));
  const read = readOptions(rest.map(plainWord), options);
  const isTold = read.options.some(
    ({ name }) => name === '--list' || (subcommand === 'tag' && name === '-l'),
  );
  const isPlain =
    read.options.every(isPlainFormat) &&
    !(subcommand === 'tag' && rest.some((arg) => /^-\w*v|^--ve/.test(arg)));
  return !read.isUnread && isPlain && (isTold || read.operands.length === 0);
}

/** `git stash list` and others that read only with a word behind them. */
function isReadingPart(subcommand: string, [first = '', ...more]: readonly string[]): boolean {
  if (subcommand === 'stash' || subcommand === 'worktree') return first === 'list' && more.length === 0;
  if (subcommand === 'config')
    return first === '--get' && more.length === 1 && /^[\w.-]+$/.test(more[0] ?? '');
  return (
    subcommand === 'reflog' &&
    (first === '' || (first === 'show' && more.every((arg) => /^[\w@{}./~^]+$/.test(arg))))
  );
}
