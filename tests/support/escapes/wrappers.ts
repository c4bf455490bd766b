/** A piece of a shell line. A simple command may have words put in front of it; anything else goes there as `bash -c '…'`. */
export interface ShellPiece {
  readonly text: string;
  readonly isSimple: boolean;
}

type Wrapper = (inner: ShellPiece) => ShellPiece;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const encoded = (text: string): string => Buffer.from(text).toString('base64');
const simple = (text: string): ShellPiece => ({ text, isSimple: true });
const compound = (text: string): ShellPiece => ({ text, isSimple: false });
const asSimple = ({ text, isSimple }: ShellPiece): string => (isSimple ? text : `bash -c ${quoted(text)}`);

/** Something in front of a command's words. */
const before =
  (words: string, after = ''): Wrapper =>
  (inner) =>
    after === '' ? simple(`${words} ${asSimple(inner)}`) : compound(`${words} ${asSimple(inner)}${after}`);

/** The command as one quoted text. */
const asText =
  (make: (text: string) => string): Wrapper =>
  ({ text }) =>
    compound(make(quoted(text)));

/** The same, where what comes out is a simple command again. */
const asArgument =
  (make: (text: string) => string): Wrapper =>
  ({ text }) =>
    simple(make(quoted(text)));

/** The command among others, as it is. */
const among =
  (start: string, end: string): Wrapper =>
  ({ text }) =>
    compound(`${start}${text}${end}`);

/** The command's first word said otherwise. */
const named =
  (make: (word: string, rest: string) => string): Wrapper =>
  (inner) => {
    const text = asSimple(inner);
    const word = /^\S+/.exec(text)?.[0] ?? '';
    return compound(make(word, text.slice(word.length)));
  };

/** A delimiter that does not stand in the text. */
function delimiterFor(text: string): string {
  let delimiter = 'E';
  while (text.includes(delimiter)) delimiter += 'E';
  return delimiter;
}

const hereDocument =
  (start: string): Wrapper =>
  ({ text }) => {
    const end = delimiterFor(text);
    return compound(`${start} <<'${end}'\n${text}\n${end}`);
  };

/**
 * Ways to have a shell run a command without it standing there as it is, by name. Programs whose code no shell
 * reader knows (perl, python, node) are left out: behind one of them nothing is seen, as the fixed lines show.
 */
export const wrappers: Readonly<Record<string, Wrapper>> = {
  assignment: before('A=1'),
  env: before('env'),
  'env A=1': before('env A=1'),
  'env -i': before('env -i'),
  'env -S': asArgument((text) => `env -S "bash -c ${text.replaceAll(/["\\$`]/g, '\\$&')}"`),
  command: before('command'),
  'builtin command': before('builtin command'),
  exec: before('exec'),
  time: before('time'),
  not: among('! ', ''),
  nohup: before('nohup'),
  timeout: before('timeout 5'),
  'timeout -s': before('timeout --signal KILL 5'),
  nice: before('nice -n 1'),
  setsid: before('setsid -w'),
  stdbuf: before('stdbuf -o L'),
  setpriv: before('setpriv --no-new-privs'),
  flock: before('flock lock'),
  xargs: before(': | xargs'),
  'xargs -I': before('echo a | xargs -I{}'),
  'find -exec': before('find . -maxdepth 0 -exec', ' \\;'),
  'redirection in front': before('</dev/null'),
  'sh -c': asArgument((text) => `sh -c ${text}`),
  'bash -ec': asArgument((text) => `bash -ec ${text}`),
  'zsh -c': asArgument((text) => `zsh -c ${text}`),
  'bash -c "$1"': asArgument((text) => `bash -c 'eval "$1"' x ${text}`),
  eval: asArgument((text) => `eval ${text}`),
  trap: asText((text) => `trap ${text} EXIT`),
  'trap DEBUG': asText((text) => `trap ${text} DEBUG; :`),
  PROMPT_COMMAND: asText((text) => `PROMPT_COMMAND=${text} bash --norc -i </dev/null`),
  PS4: ({ text }) => compound(`PS4=${quoted(`$(${text}\n)`)}; set -o promptsubst 2>/dev/null; set -x; :`),
  'here-string': asText((text) => `bash <<< ${text}`),
  pipe: asText((text) => `printf %s ${text} | sh`),
  tee: asText((text) => `printf %s ${text} | tee s | bash`),
  'script file': asText((text) => `printf %s ${text} > s; bash s`),
  'source of a substitution': asText((text) => `source <(printf %s ${text})`),
  'bash of a substitution': asText((text) => `bash <(printf %s ${text})`),
  'a variable': asText((text) => `x=${text}; eval "$x"`),
  'printf -v': asText((text) => `printf -v x %s ${text}; eval "$x"`),
  read: asText((text) => `read -r x <<< ${text}; eval "$x"`),
  mapfile: ({ text }) => compound(`mapfile -c 1 -C ${quoted(`${text} #`)} x <<< a`),
  'base64 to sh': ({ text }) => compound(`echo ${encoded(text)} | base64 -d | sh`),
  'base64 to eval': ({ text }) => compound(`eval "$(echo ${encoded(text)} | base64 -d)"`),
  'here-document': hereDocument('bash'),
  'here-document of cat': hereDocument('cat | bash'),
  'command substitution': among(': "$(', '\n)"'),
  backquotes: ({ text }) => compound(`: \`${text.replaceAll(/[\\`$]/g, '\\$&')}\``),
  'process substitution': among('cat <(', '\n)'),
  arithmetic: among('echo $(($(', '\n)+0))'),
  subscript: among('a[$(', '\n)0]=1'),
  'default of a parameter': among('echo "${none:-$(', '\n)}"'),
  test: among('[[ -n $(', '\n) ]]'),
  subshell: among('( ', '\n)'),
  group: among('{ ', '\n}'),
  function: among('f() { ', '\n}; f'),
  'function named ls': among('ls() { ', '\n}; ls'),
  if: among('if ', '\nthen :; fi'),
  else: among('if false; then :; else ', '\nfi'),
  for: among('for i in 1; do ', '\ndone'),
  while: among('while ', '\ndo break; done'),
  case: among('case a in a) ', '\n;; esac'),
  and: among('true && { ', '\n}'),
  background: among('{ ', '\n} & wait'),
  coproc: among('coproc { ', '\n}; wait'),
  comment: among(": # '\n", "\n# '"),
  alias: asText((text) => `shopt -s expand_aliases 2>/dev/null\nalias a=${text}; eval a`),
  'quoted name': named((word, rest) => `'${word}'${rest}`),
  'escaped name': named((word, rest) => `${word.slice(0, 1)}\\${word.slice(1)}${rest}`),
  'ANSI-C quoted name': named(
    (word, rest) => `$'\\x${Buffer.from(word.slice(0, 1)).toString('hex')}'${word.slice(1)}${rest}`,
  ),
  'name in a variable': named((word, rest) => `c=${word}; $c${rest}`),
  'name in capitals': named((word, rest) => `typeset -l c=${word.toUpperCase()}; $c${rest}`),
  'name in braces': named((word, rest) => `{${word},}${rest}`),
  'name printed': named((word, rest) => `$(printf %s ${word})${rest}`),
  'path of a program': named((word, rest) => `"$(command -v ${word})"${rest}`),
  'link to a program': named((word, rest) => `ln -s "$(command -v ${word})" y; ./y${rest}`),
  'words in an array': (inner) => compound(`a=(${asSimple(inner)}); "\${a[@]}"`),
  'words of set': (inner) => compound(`set -- ${asSimple(inner)}; "$@"`),
};
