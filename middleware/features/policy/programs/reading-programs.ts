import { grammar, type OptionGrammar } from './option-grammar.ts';

const sums =
  '-b --binary -c --check --tag -t --text -z --zero --ignore-missing --quiet --status --strict -w --warn -q -r';
const grep =
  '-E --extended-regexp -F --fixed-strings -G --basic-regexp -P --perl-regexp -e= --regexp= -f< --file< -i -y --ignore-case ' +
  '--no-ignore-case -w --word-regexp -x --line-regexp -z --null-data -s --no-messages -v --invert-match -m= --max-count= -b ' +
  '--byte-offset -n --line-number --line-buffered -H --with-filename -h --no-filename --label= -o --only-matching -q --quiet ' +
  '--silent --binary-files= -a --text -I -d= --directories= -D= --devices= -r --recursive --include= ' +
  '--exclude= --exclude-from< --exclude-dir= -L --files-without-match -l --files-with-matches -c --count -T --initial-tab -Z ' +
  '--null -B= --before-context= -A= --after-context= -C= --context= --group-separator= --no-group-separator --color? --colour? ' +
  '-U --binary -#';

/**
 * The options of programs that write nothing and start nothing with them, as their manuals have them. Others are
 * left out, and those with which they follow links to what they print: a folder may have links that lead out of the
 * project.
 */
const programs: Readonly<Record<string, string>> = {
  cat: '-A --show-all -b --number-nonblank -e -E --show-ends -n --number -s --squeeze-blank -t -T --show-tabs -u -v --show-nonprinting',
  ls:
    '-a --all -A --almost-all --author -b --escape --block-size= -B --ignore-backups -c -C --color? -d --directory -D --dired -f ' +
    '-F --classify? --file-type --format= --full-time -g --group-directories-first -G --no-group -h --human-readable --si -H ' +
    '--dereference-command-line --dereference-command-line-symlink-to-dir --hide= --hyperlink? --indicator-style= -i --inode ' +
    '-I= --ignore= -k --kibibytes -l -L --dereference -m -n --numeric-uid-gid -N --literal -o -p -q --hide-control-chars ' +
    '--show-control-chars -Q --quote-name --quoting-style= -r --reverse -R --recursive -s --size -S --sort= --time= ' +
    '--time-style= -t -T= --tabsize= -u -U -v -w= --width= -x -X -Z --context --zero -1',
  head: '-c= --bytes= -n= --lines= -q --quiet --silent -v --verbose -z --zero-terminated -#',
  tail:
    '-c= --bytes= -f --follow? -F -n= --lines= --max-unchanged-stats= --pid= -q --quiet --silent --retry -s= ' +
    '--sleep-interval= -v --verbose -z --zero-terminated -r -#',
  grep,
  egrep: grep,
  fgrep: grep,
  wc: '-c --bytes -m --chars -l --lines -L --max-line-length -w --words',
  diff:
    '--normal -q --brief -s --report-identical-files -c -C= --context? -u -U= --unified? -e --ed -n --rcs -y --side-by-side ' +
    '-W= --width= --left-column --suppress-common-lines -p --show-c-function -F= --show-function-line= -L= --label= -t ' +
    '--expand-tabs -T --initial-tab --tabsize= --suppress-blank-empty -r --recursive --no-dereference -N --new-file ' +
    '--unidirectional-new-file --ignore-file-name-case --no-ignore-file-name-case -x= --exclude= -X< --exclude-from< -S= ' +
    '--starting-file= --from-file< --to-file< -i --ignore-case -E --ignore-tab-expansion -Z --ignore-trailing-space -b ' +
    '--ignore-space-change -w --ignore-all-space -B --ignore-blank-lines -I= --ignore-matching-lines= -a --text ' +
    '--strip-trailing-cr -d --minimal --horizon-lines= --speed-large-files --color? --palette= -#',
  cmp: '-b --print-bytes -i= --ignore-initial= -l --verbose -n= --bytes= -s --quiet --silent',
  comm: '-1 -2 -3 --check-order --nocheck-order --output-delimiter= --total -z --zero-terminated -12 -13 -23',
  id: '-a -Z --context -g --group -G --groups -n --name -r --real -u --user -z --zero -p',
  stat: '-L --dereference -f --file-system --cached= -c= --format= --printf= -t --terse -x -s -l -r -F',
  du:
    '-0 --null -a --all --apparent-size -A -B= --block-size= -b --bytes -c --total -D --dereference-args -d= --max-depth= ' +
    '-H -h --human-readable --inodes -k -L --dereference -l --count-links -m -P --no-dereference -S ' +
    '--separate-dirs --si -s --summarize -t= --threshold= --time? --time-style= -X< --exclude-from< --exclude= -x ' +
    '--one-file-system',
  df:
    '-a --all -B= --block-size= -h --human-readable -H --si -i --inodes -k -l --local --no-sync --output? -P --portability ' +
    '--total -t= --type= -T --print-type -x= --exclude-type= -m',
  base64: '-d -D --decode -w= --wrap= --ignore-garbage',
  uname:
    '-a --all -s --kernel-name -n --nodename -r --kernel-release -v --kernel-version -m --machine -p --processor -i ' +
    '--hardware-platform -o --operating-system',
  sort:
    '-b --ignore-leading-blanks -d --dictionary-order -f --ignore-case -g --general-numeric-sort -i --ignore-nonprinting -M ' +
    '--month-sort -h --human-numeric-sort -n --numeric-sort -R --random-sort --random-source< -r --reverse --sort= -V ' +
    '--version-sort --batch-size= -c --check? -C --debug -k= --key= -m --merge -s --stable -S= --buffer-size= ' +
    '-t= --field-separator= --parallel= -u --unique -z --zero-terminated',
  // A second operand is written.
  uniq:
    '-c --count -d --repeated -D --all-repeated? -f= --skip-fields= --group? -i --ignore-case -s= --skip-chars= -u --unique -z ' +
    '--zero-terminated -w= --check-chars=',
  tree: '-a -d -l -f -x -L= -P= -I= --gitignore --ignore-case --matchdirs --prune --noreport --charset= --filelimit= -q -N -Q -p -u -g -s -h --si --du -D -F --inodes --device -v -t -c -U -r --dirsfirst --filesfirst --sort= -i -A -S -n -C -J -X --nolinks',
  cut:
    '-b= --bytes= -c= --characters= -d= --delimiter= -f= --fields= -n --complement -s --only-delimited --output-delimiter= -z ' +
    '--zero-terminated -w',
  paste: '-d= --delimiters= -s --serial -z --zero-terminated',
  tac: '-b --before -r --regex -s= --separator=',
  nl:
    '-b= --body-numbering= -d= --section-delimiter= -f= --footer-numbering= -h= --header-numbering= -i= --line-increment= -l= ' +
    '--join-blank-lines= -n= --number-format= -p --no-renumber -s= --number-separator= -v= --starting-line-number= -w= ' +
    '--number-width=',
  rev: '',
  fold: '-b --bytes -s --spaces -w= --width= -#',
  fmt: '-c --crown-margin -p= --prefix= -s --split-only -t --tagged-paragraph -u --uniform-spacing -w= --width= -g= --goal= -#',
  expand: '-i --initial -t= --tabs= -#',
  unexpand: '-a --all --first-only -t= --tabs=',
  column:
    '-t --table -N= --table-columns= -s= --separator= -o= --output-separator= -c= --output-width= -x --fillrows -J --json -n= -R= -T= -H= -L -e -d',
  od: '-A= --address-radix= --endian= -j= --skip-bytes= -N= --read-bytes= -S= --strings? -t= --format= -v --output-duplicates -w? --width? -a -b -c -d -f -i -l -o -s -x -h',
  strings:
    '-a --all -d --data -f --print-file-name -n= --bytes= -t= --radix= -w --include-all-whitespace -o -e= --encoding= -U= -s= -#',
  md5sum: sums,
  sha1sum: sums,
  sha256sum: sums,
  sha512sum: sums,
  cksum: `${sums} -a= --algorithm= -l= --length= --untagged --debug --raw --base64`,
  seq: '-f= --format= -s= --separator= -w --equal-width',
  free:
    '-b --bytes --kilo --mega --giga --tera --peta -k --kibi -m --mebi -g --gibi --tebi --pebi -h --human --si -l --lohi -t ' +
    '--total -v --committed -w --wide',
  uptime: '-p --pretty -s --since',
  nproc: '--all --ignore=',
  locale: '-a --all-locales -m --charmaps -c --category-name -k --keyword-name -v --verbose',
  groups: '',
  arch: '',
  cal: '-1 -3 -s -m -j -y -Y -w -n= -A= -B= --color? -h',
  numfmt:
    '--debug -d= --delimiter= --field= --format= --from= --from-unit= --grouping --header? --invalid= --padding= --round= ' +
    '--suffix= --to= --to-unit= -z --zero-terminated',
  tsort: '',
  basename: '-a --multiple -s= --suffix= -z --zero',
  dirname: '-z --zero',
  realpath:
    '-e --canonicalize-existing -m --canonicalize-missing -L --logical -P --physical -q --quiet --relative-to= ' +
    '--relative-base= -s --strip --no-symlinks -z --zero',
  readlink:
    '-f --canonicalize -e --canonicalize-existing -m --canonicalize-missing -n --no-newline -q --quiet -s --silent -v ' +
    '--verbose -z --zero',
  pwd: '-L -P --logical --physical',
  whoami: '',
  which: '-a --all -s',
  type: '-a -f -t -P -p -w',
  sleep: '',
  file:
    '-b --brief -i --mime --mime-type --mime-encoding --apple --extension -k --keep-going -L --dereference -h ' +
    '--no-dereference -N --no-pad -n --no-buffer -r --raw -0 --print0 -F= --separator= -e= --exclude= -f< --files-from<',
  rg:
    '-A= --after-context= -B= --before-context= -C= --context= -c --count --count-matches --color= --colors= --column ' +
    '--no-column -e= --regexp= -f< --file< -F --fixed-strings -g= --glob= --iglob= -H --with-filename -I --no-filename ' +
    '--heading --no-heading -h -i --ignore-case --hidden -. --no-ignore --no-ignore-vcs --no-ignore-parent -u --unrestricted ' +
    '-j= --threads= --json -l --files-with-matches --files-without-match --files -m= --max-count= ' +
    '--max-depth= --max-filesize= -d= -M= --max-columns= --max-columns-preview -n --line-number -N --no-line-number -o ' +
    '--only-matching -P --pcre2 -p --pretty --passthru -q --quiet -r= --replace= -s --case-sensitive -S --smart-case --sort= ' +
    '--sortr= --stats -t= --type= -T= --type-not= --type-list --trim -U --multiline --multiline-dotall -v --invert-match ' +
    '--vimgrep -w --word-regexp -x --line-regexp -a --text -0 --null -b --byte-offset --no-messages --no-config --no-mmap ' +
    '--crlf -E= --encoding= --engine= --one-file-system',
  jq: '-c --compact-output -n --null-input -e --exit-status -s --slurp -r --raw-output -j --join-output -a --ascii-output -R --raw-input -C --color-output -M --monochrome-output -S --sort-keys --tab --stream --seq --raw-output0',
};

/** The grammars by program. */
export const readingPrograms: ReadonlyMap<string, OptionGrammar> = new Map(
  Object.entries(programs).map(([name, options]) => [name, grammar(`${options} --help --version`)]),
);
