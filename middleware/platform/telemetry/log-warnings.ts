import { format } from 'node:util';
import type { Log } from '../../kernel/log.ts';
import { visibleLine } from '../../kernel/visible-text.ts';

const maxLength = 1_000;

/** Has what libraries warn of on the console, which may have words of others in it, be lines of the log. */
export function logWarnings(target: Pick<Console, 'warn'>, log: Pick<Log, 'warn'>): void {
  target.warn = (...words: unknown[]) => {
    log.warn('a library warned', { said: visibleLine(format(...words), maxLength) });
  };
}
