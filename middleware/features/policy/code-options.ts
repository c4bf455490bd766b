import type { ShellWord } from '../../platform/shell/shell-command.ts';
import { scriptOf, unread, type Started } from './started.ts';

/** Options whose value is a line for a shell, by program. */
const scriptOptions: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    tar: '--to-command --use-compress-program -I --info-script --new-volume-script -F --rsh-command --checkpoint-action',
    rsync: '-e --rsh --rsync-path',
    sort: '--compress-program',
    split: '--filter',
    rg: '--pre --hostname-bin',
    man: '-P --pager -H --html',
    scp: '-S -o',
    sftp: '-S -o',
    make: '--eval',
    gmake: '--eval',
    zip: '-TT --unzip-command',
    bat: '--pager',
    less: '-k',
    vim: '-c --cmd',
    nvim: '-c --cmd',
    vi: '-c --cmd',
    ex: '-c --cmd',
    view: '-c --cmd',
  }).map(([program, options]) => [program, options.split(' ')]),
);

/** Whether code in a language that can start programs looks as if it did. */
type LooksStarting = (code: string) => boolean;

/** Programs that are given such code. */
const startingCode: ReadonlyMap<string, LooksStarting> = new Map<string, LooksStarting>([
  ...'awk gawk mawk nawk'.split(' ').map((name) => [name, isStartingAwk] as const),
  ...'sed gsed'.split(' ').map((name) => [name, isStartingSed] as const),
  ...'vim nvim vi ex view'
    .split(' ')
    .map((name) => [name, (code: string) => /[!+]|system\(/.test(code)] as const),
]);

/** `system(…)` and pipes; a bar in a pattern or in `||` is none. */
function isStartingAwk(code: string): boolean {
  if (/system|getline|^-[fEile]|^--(?:file|exec|include|load)/.test(code)) return true;
  return code
    .replace(/\/(?:[^/\n\\]|\\[^])*\/|\|\|/g, '')
    .replace(/^-F[^]*/, '')
    .includes('|');
}

/** The command `e`, and the flag `e` of `s`. */
function isStartingSed(code: string): boolean {
  return /(?:^|[;{}\n\d$/,!~])\s*e(?:[\s;}]|$)|[^\w\s][gpiIMm\d]*e[gpiIMmw\d]*\s*(?:$|[;}\n])/.test(code);
}

/** The scripts that a program's options hold, and code in its arguments that may start something. */
export function codeOptions(program: string, args: readonly ShellWord[]): readonly Started[] {
  const isStarting = startingCode.get(program);
  const isCode =
    isStarting !== undefined && args.some(({ value }) => value !== undefined && isStarting(value));
  const options = scriptOptions.get(program);
  if (options === undefined) return isCode ? [unread] : [];
  const scripts = args.flatMap((word, index) => {
    const text = word.value ?? '';
    const option = options.find((one) => isGiven(one, text));
    if (option === undefined) return [];
    const given = option.startsWith('--') ? text.replace(/^[^=]*/, '') : text.slice(option.length);
    const own = given.replace(/^=/, '');
    const value = own === '' ? args[index + 1] : { ...word, value: own };
    return value === undefined ? [] : scriptOf([{ ...value, value: value.value?.replace(/^exec=/, '') }]);
  });
  return [...(isCode ? [unread] : []), ...scripts];
}

/** Long options may be shortened, as getopt_long allows. */
function isGiven(option: string, text: string): boolean {
  if (!option.startsWith('--')) return text.startsWith(option);
  const name = text.replace(/=[^]*$/, '');
  return name.length > 2 && option.startsWith(name);
}
