import type { Program } from '../bounded-child.ts';

/** The shell that waits, and the only program that it becomes: it is there, and it can be started. */
export const shell = '/bin/sh';

/** What a shell says when it has done all that may fail, and becomes the program. */
export const readySign = '+';
const refusedSign = '-';

/** Longer ones are seldom: they may be too long to be started at all (128 KiB a word), and whoever starts them has to say so. */
const maxBytes = 100_000;

/**
 * The line that turns a waiting shell, which has no environment, into the program; `undefined` where not exactly that would come of it.
 * Until it says that it is ready it has done nothing. Variables are exported and not given to `env`, whose arguments everybody can read.
 */
export function spareLine({ file, args, cwd, env }: Program): string | undefined {
  const variables = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (file !== shell || !cwd.startsWith('/') || !variables.every(([name]) => isPlain(name))) return undefined;
  const exported = variables.map(([name, value]) => ` ${name}=${quoted(value)}`);
  const line = [
    `cd ${quoted(cwd)} || { printf ${refusedSign}; exit; }`,
    'unset PWD OLDPWD',
    ...(exported.length === 0 ? [] : [`export${exported.join('')}`]),
    `printf ${readySign}`,
    `exec ${[file, ...args].map(quoted).join(' ')}\n`,
  ].join('; ');
  return Buffer.byteLength(line) > maxBytes || line.includes('\0') ? undefined : line;
}

/** A name that shells have, and none whose value they make themselves. */
function isPlain(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !madeByShells.test(name);
}

const madeByShells = /^(?:BASH|EPOCH|RANDOM$|SRANDOM$|SECONDS$|LINENO$|OPTIND$|HISTCMD$|PPID$)/;

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
