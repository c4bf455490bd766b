import { grammar, type OptionGrammar } from './option-grammar.ts';

/** What an argument is to a program: a file it reads, writes or both, a list of files that it reads, or no file. */
export type Role = 'read' | 'write' | 'read-write' | 'list' | 'text';

/** How a program uses its arguments. */
export interface FileUse {
  readonly operands: Role;
  /** The first operands, where they are something else: grep's pattern. */
  readonly first?: readonly Role[];
  /** Options that stand in for the first operands. */
  readonly insteadOfFirst?: readonly string[];
  /** The last of several operands, where it is something else: the target of cp. */
  readonly last?: Role;
  /** The options that take a value; those that are not here have none. */
  readonly options?: OptionGrammar;
  /** Whether `@file` stands for the arguments in a file. */
  readonly hasResponseFiles?: boolean;
  /**
   * What it does, without or with one of some options, to files whose names come through a pipe, or stand in an
   * archive or a patch.
   */
  readonly elsewhere?: readonly Elsewhere[];
}

interface Elsewhere {
  readonly access: 'read' | 'write';
  /** Always, where it is left out. */
  readonly options?: readonly string[];
  /** Options with which it does not. */
  readonly unless?: readonly string[];
}

const read: FileUse = { operands: 'read' };
const write: FileUse = { operands: 'write' };
const compiler: FileUse = { operands: 'read', hasResponseFiles: true };
const checksum: FileUse = {
  operands: 'read',
  elsewhere: [{ access: 'read', options: ['-c', '--check'] }],
};

const grepOptions = '-A= -B= -C= -D= -d= -e= -m= --exclude= --include= --exclude-dir= --regexp= -f< --file<';
const grep: FileUse = {
  operands: 'read',
  first: ['text'],
  insteadOfFirst: ['-e', '-f', '--regexp', '--file'],
  options: grammar(grepOptions),
};

const awk: FileUse = {
  operands: 'read',
  first: ['text'],
  insteadOfFirst: ['-f', '--file'],
  options: grammar('-F= -v= -f< --file<'),
};

const sed: FileUse = {
  operands: 'read',
  first: ['text'],
  insteadOfFirst: ['-e', '-f', '--expression', '--file'],
  options: grammar('-e= -l= --expression= -f< --file<'),
};

const copyOptions = '-S= --suffix= -t> --target-directory>';
const copy: FileUse = { operands: 'read', last: 'write', options: grammar(copyOptions) };

const owner: FileUse = { operands: 'write', first: ['text'], insteadOfFirst: ['--reference'] };

const editor: FileUse = { operands: 'read', options: grammar('-c! --cmd! -S< -s<') };
const make: FileUse = {
  operands: 'text',
  options: grammar('-f< --file< --makefile< --eval! -C= -I= -o= -W='),
};

const readers =
  'cat tac nl more most cmp sdiff diff3 ar comm join paste column rev expand unexpand fmt pr od hexdump strings ' +
  'base64 base32 basenc readlink realpath zcat gzcat bzcat xzcat lzcat lz4cat zstdcat zless zmore bzless bzmore xzless xzmore ' +
  'lzless lzmore zdiff zcmp bzdiff bzcmp xzdiff xzcmp lzdiff lzcmp lzma unlzma lz4 unlz4 unzstd zstdless gzip gunzip bzip2 bunzip2 ' +
  'xz unxz zstd source . dir vdir csplit numfmt tsort envsubst xmllint look ul ptx shuf openssl perl ruby lua php python python3 ' +
  'tclsh sqlite3 ed emacs nano pandoc highlight pygmentize sh bash zsh dash ksh fish objcopy objdump readelf nm size as';

function same(names: string, use: FileUse): readonly (readonly [string, FileUse])[] {
  return names.split(' ').map((name) => [name, use]);
}

/** The programs whose arguments are known to be files or scripts, by their name. */
export const fileUses: ReadonlyMap<string, FileUse> = new Map<string, FileUse>([
  ...same(readers, read),
  ...same('cpp gcc g++ cc c++ clang clang++ ld javac rustc', compiler),
  ...same('md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum shasum', checksum),
  ...same('grep egrep fgrep zgrep zegrep zfgrep bzgrep bzegrep bzfgrep xzgrep xzegrep xzfgrep', grep),
  ...same('lzgrep lzegrep lzfgrep zstdgrep zipgrep', grep),
  ...same('awk gawk mawk nawk', awk),
  ...same('tee mkdir rmdir rm unlink shred', write),
  ...same('chmod chown chgrp', owner),
  ...same('ex vi vim vimdiff view nvim', editor),
  ...same('make gmake', make),
  ...same('sed gsed', sed),
  ...same('cp ln', copy),
  ['install', { ...copy, options: grammar(`${copyOptions} -m= -o= -g=`) }],
  ['mv', { ...copy, operands: 'read-write' }],
  ['head', { operands: 'read', options: grammar('-n= -c= --lines= --bytes=') }],
  ['tail', { operands: 'read', options: grammar('-n= -c= -s= --lines= --bytes= --pid=') }],
  ['cut', { operands: 'read', options: grammar('-d= -f= -b= -c=') }],
  ['fold', { operands: 'read', options: grammar('-w=') }],
  ['split', { operands: 'read', options: grammar('-b= -l= -n= -a= -C= --filter!') }],
  ['ls', { operands: 'read', options: grammar('-I= -w= -T=') }],
  ['stat', { operands: 'read', options: grammar('-c= --format= --printf=') }],
  ['file', { operands: 'read', options: grammar('-f@ --files-from@ -F= -e= -P= -m< --magic-file<') }],
  ['du', { operands: 'read', options: grammar('-d= -t= -B= -X< --exclude-from< --files0-from@') }],
  ['tree', { operands: 'read', options: grammar('-L= -P= -I= -o>') }],
  [
    'sort',
    {
      operands: 'read',
      options: grammar('-k= -t= -S= -T= --files0-from@ -o> --output> --compress-program!'),
    },
  ],
  ['date', { operands: 'text', options: grammar('-d= --date= -s= --set= -I= -f< --file< -r< --reference<') }],
  ['wc', { operands: 'read', options: grammar('--files0-from@') }],
  ['uniq', { operands: 'read', first: ['read', 'write'], options: grammar('-f= -s= -w=') }],
  ['xxd', { operands: 'read', first: ['read', 'write'], options: grammar('-c= -g= -l= -s= -o=') }],
  [
    'diff',
    { operands: 'read', options: grammar('-F= -I= -U= -W= -x= -X< --exclude-from< --from-file< --to-file<') },
  ],
  [
    'patch',
    {
      operands: 'read-write',
      options: grammar('-i< --input< -o> --output> -r> --reject-file> -d= -D= -F= -g= -p= -B= -V= -Y= -z='),
      elsewhere: [{ access: 'write', unless: ['--dry-run'] }],
    },
  ],
  ['jq', { ...awk, insteadOfFirst: ['-f', '--from-file'], options: grammar('-f< --from-file< -L<') }],
  ['yq', { operands: 'read', first: ['text'] }],
  [
    'rg',
    {
      ...grep,
      insteadOfFirst: [...(grep.insteadOfFirst ?? []), '--files'],
      options: grammar(`${grepOptions} -E= -g= -j= -M= -r= -t= -T= --glob= --type= --pre! --hostname-bin!`),
    },
  ],
  ['ag', { ...grep, options: grammar('-A= -B= -C= -G= -m=') }],
  [
    'tar',
    {
      operands: 'read',
      options: grammar(
        '-f< --file< -T@ --files-from@ --add-file< -X< --exclude-from< -g< --listed-incremental< -C= --directory= --exclude= -b= -N= -V= ' +
          '-K= -H= -L= -I! --use-compress-program! -F! --info-script! --new-volume-script! --to-command! --rsh-command! ' +
          '--checkpoint-action!',
      ),
      elsewhere: [
        {
          access: 'write',
          options: ['-x', '--extract', '--get'],
          unless: ['-O', '--to-stdout', '--to-command'],
        },
      ],
    },
  ],
  [
    'cpio',
    {
      operands: 'write',
      options: grammar('-H= -F< -I< -O> -E@ -C= -D= -M= -R= --file< --pattern-file@ --format='),
      elsewhere: [
        { access: 'read', options: ['-o', '--create', '-p', '--pass-through'] },
        { access: 'write', options: ['-i', '--extract'], unless: ['-t', '--list'] },
      ],
    },
  ],
  [
    'zip',
    {
      operands: 'read',
      options: grammar('-TT! --unzip-command! -b= -t= -n= -P= -O>'),
      elsewhere: [{ access: 'read', options: ['-@', '--names-stdin'] }],
    },
  ],
  [
    'unzip',
    {
      operands: 'read',
      options: grammar('-d= -P='),
      elsewhere: [{ access: 'write', unless: ['-l', '-p', '-c', '-t', '-v', '-z', '-Z'] }],
    },
  ],
  ...same('7z 7za 7zr 7zz', { operands: 'read', first: ['text'], hasResponseFiles: true }),
  [
    'rsync',
    {
      operands: 'read',
      options: grammar(
        '-e! --rsh! --rsync-path! --files-from@ --exclude-from< --include-from< --password-file< --log-file> -f= --filter= -B= -M=',
      ),
    },
  ],
  ['scp', { operands: 'read', options: grammar('-S! -o! -i< -F< -P= -c= -l= -J=') }],
  ['sftp', { operands: 'text', options: grammar('-S! -o! -b@ -i< -F< -P= -c= -l= -J= -B= -R= -D=') }],
  ['iconv', { operands: 'read', options: grammar('-f= -t= -o>') }],
  ['touch', { operands: 'write', options: grammar('-d= -t= --date= -r< --reference<') }],
  ['truncate', { operands: 'write', options: grammar('-s= --size= -r< --reference<') }],
  ['node', { operands: 'read', options: grammar('--env-file< --env-file-if-exists<') }],
  ['man', { operands: 'text', options: grammar('-P! --pager! -H! --html!') }],
  ...same('bat batcat', { operands: 'read', options: grammar('--pager! -H= -l= -r=') }),
  ['less', { operands: 'read', options: grammar('-k! -o> -O> -p= -t= -T= -x= -y= -z=') }],
  [
    'wget',
    {
      operands: 'text',
      options: grammar('-i< --input-file< --post-file< --body-file< -O> --output-document>'),
    },
  ],
  [
    'curl',
    {
      operands: 'text',
      options: grammar('-T< --upload-file< -K@ --config@ -o> --output>'),
      // What a file of options says may be a file to write, too.
      elsewhere: [{ access: 'write', options: ['-K', '--config'] }],
    },
  ],
]);
