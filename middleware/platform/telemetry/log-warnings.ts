import type { Log } from '../../kernel/log.ts';
import { visibleLine } from '../../kernel/visible-text.ts';

const maxLength = 1_000;

/**
 * Has what libraries warn of on the console be lines of the log, in their own words alone: what they quote may be of anybody,
 * a credential that a server gives back among it, and nobody knows here what is to be taken out.
 */
export function logWarnings(target: Pick<Console, 'warn'>, log: Pick<Log, 'warn'>): void {
  target.warn = (...words: unknown[]) => {
    log.warn('a library warned', { said: visibleLine(ownWords(words), maxLength) });
  };
}

/** Up to the first quotation mark or place for a value; what comes behind may have such marks in it, too. */
function ownWords([first, ...others]: readonly unknown[]): string {
  if (typeof first !== 'string') return '…';
  const own = first.split(/["'`%]/, 1)[0] ?? '';
  return own === first && others.length === 0 ? own : `${own.trimEnd()} …`;
}
