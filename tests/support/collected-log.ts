import type { Log, LogFields } from '../../middleware/kernel/log.ts';

/** A log that keeps its lines. */
export function collectedLog(): { log: Log; lines: readonly LogFields[] } {
  const lines: LogFields[] = [];
  const line =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, ...fields });
    };
  const log: Log = {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: () => log,
  };
  return { log, lines };
}
