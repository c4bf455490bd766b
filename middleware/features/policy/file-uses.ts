/** What an argument is to a program: a file it reads, writes or both, or no file. */
export type Role = 'read' | 'write' | 'read-write' | 'text';

/** How a program uses its arguments. */
export interface FileUse {
  readonly operands: Role;
  /** The first operands, where they are something else: grep's pattern. */
  readonly first?: readonly Role[];
  /** Options that stand in for the first operands. */
  readonly insteadOfFirst?: readonly string[];
  /** The last of several operands, where it is something else: the target of cp. */
  readonly last?: Role;
  /** What the value of an option is; options that are not here have none. */
  readonly options?: Readonly<Record<string, Role>>;
}

const read: FileUse = { operands: 'read' };
const write: FileUse = { operands: 'write' };

const grep: FileUse = {
  operands: 'read',
  first: ['text'],
  insteadOfFirst: ['-e', '-f', '--regexp', '--file'],
  options: {
    ...texts('-A -B -C -D -d -e -m --exclude --include --exclude-dir --regexp'),
    ...files('-f --file'),
  },
};

const awk: FileUse = {
  operands: 'read',
  first: ['text'],
  insteadOfFirst: ['-f', '--file'],
  options: { ...texts('-F -v'), ...files('-f --file') },
};

const sed: FileUse = {
  operands: 'read',
  first: ['text'],
  insteadOfFirst: ['-e', '-f', '--expression', '--file'],
  options: { ...texts('-e -l --expression'), ...files('-f --file') },
};

const copy: FileUse = {
  operands: 'read',
  last: 'write',
  options: { ...texts('-S --suffix'), '-t': 'write', '--target-directory': 'write' },
};

const owner: FileUse = { operands: 'write', first: ['text'], insteadOfFirst: ['--reference'] };

const readers =
  'cat tac nl less more most bat batcat cmp sdiff diff3 ar ld comm join paste column rev expand unexpand fmt pr od hexdump strings ' +
  'base64 base32 md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum shasum file readlink realpath ' +
  'zcat gzcat bzcat xzcat lzcat lz4cat zstdcat zless zmore bzless bzmore xzless xzmore lzless lzmore zdiff zcmp bzdiff bzcmp xzdiff ' +
  'xzcmp lzdiff lzcmp lzma unlzma lz4 unlz4 unzstd zstdless gzip gunzip bzip2 bunzip2 xz unxz zstd zip unzip rsync scp source . dir vdir ' +
  'view csplit numfmt tsort envsubst xmllint look ul ptx shuf cpp gcc g++ cc c++ clang openssl perl ruby lua php node python ' +
  'python3 tclsh sqlite3 ed ex vi vim nvim nano emacs pandoc highlight pygmentize sh bash zsh dash ksh fish';

/** The programs whose arguments are known to be files, by their name. */
export const fileUses: ReadonlyMap<string, FileUse> = new Map<string, FileUse>([
  ...readers.split(' ').map((name) => [name, read] as const),
  ...'grep egrep fgrep zgrep zegrep zfgrep bzgrep bzegrep bzfgrep xzgrep xzegrep xzfgrep lzgrep lzegrep lzfgrep zstdgrep zipgrep'
    .split(' ')
    .map((name) => [name, grep] as const),
  ...'awk gawk mawk nawk'.split(' ').map((name) => [name, awk] as const),
  ...'tee mkdir rmdir rm unlink shred'.split(' ').map((name) => [name, write] as const),
  ...'chmod chown chgrp'.split(' ').map((name) => [name, owner] as const),
  ['sed', sed],
  ['cp', copy],
  ['ln', copy],
  ['install', { ...copy, options: { ...copy.options, ...texts('-m -o -g') } }],
  ['mv', { ...copy, operands: 'read-write' }],
  ['head', { operands: 'read', options: texts('-n -c --lines --bytes') }],
  ['tail', { operands: 'read', options: texts('-n -c -s --lines --bytes --pid') }],
  ['cut', { operands: 'read', options: texts('-d -f -b -c') }],
  ['fold', { operands: 'read', options: texts('-w') }],
  ['split', { operands: 'read', options: texts('-b -l -n -a -C') }],
  ['ls', { operands: 'read', options: texts('-I -w -T') }],
  ['stat', { operands: 'read', options: texts('-c --format --printf') }],
  ['du', { operands: 'read', options: { ...texts('-d -t -B'), ...files('-X --files0-from') } }],
  ['tree', { operands: 'read', options: { ...texts('-L -P -I'), '-o': 'write' } }],
  [
    'sort',
    {
      operands: 'read',
      options: { ...texts('-k -t -S'), ...files('--files0-from'), '-o': 'write', '--output': 'write' },
    },
  ],
  [
    'date',
    {
      operands: 'text',
      options: { ...texts('-d --date -s --set -I'), ...files('-f --file -r --reference') },
    },
  ],
  ['wc', { operands: 'read', options: files('--files0-from') }],
  ['uniq', { operands: 'read', first: ['read', 'write'], options: texts('-f -s -w') }],
  ['xxd', { operands: 'read', first: ['read', 'write'], options: texts('-c -g -l -s -o') }],
  [
    'diff',
    { operands: 'read', options: { ...texts('-F -I -U -W -x'), ...files('-X --from-file --to-file') } },
  ],
  ['jq', { ...awk, insteadOfFirst: ['-f', '--from-file'], options: files('-f --from-file -L') }],
  ['yq', { operands: 'read', first: ['text'] }],
  [
    'rg',
    {
      ...grep,
      insteadOfFirst: [...(grep.insteadOfFirst ?? []), '--files'],
      options: { ...grep.options, ...texts('-E -g -j -M -r -t -T --glob --type') },
    },
  ],
  ['ag', { ...grep, options: texts('-A -B -C -G -m') }],
  ['tar', { operands: 'read', options: { ...files('-f --file -T --files-from'), ...texts('-C --exclude') } }],
  ['iconv', { operands: 'read', options: { ...texts('-f -t'), '-o': 'write' } }],
  ['touch', { operands: 'write', options: { ...texts('-d -t --date'), ...files('-r --reference') } }],
  ['truncate', { operands: 'write', options: { ...texts('-s --size'), ...files('-r --reference') } }],
  [
    'wget',
    { operands: 'text', options: { ...files('-i --input-file --post-file --body-file'), '-O': 'write' } },
  ],
  [
    'curl',
    {
      operands: 'text',
      options: { ...files('-T --upload-file -K --config'), '-o': 'write', '--output': 'write' },
    },
  ],
]);

function texts(options: string): Readonly<Record<string, Role>> {
  return Object.fromEntries(options.split(' ').map((option) => [option, 'text' as const]));
}

function files(options: string): Readonly<Record<string, Role>> {
  return Object.fromEntries(options.split(' ').map((option) => [option, 'read' as const]));
}
