import { createLogger, format, transports } from 'winston';
import type { Log, LogFields } from '../../kernel/log.ts';
import { LineBatch } from './line-batch.ts';
import { jsonLine, prettyLine, type LogEntry } from './log-line.ts';

export interface LogConfig {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'json' | 'pretty';
  readonly access: boolean;
}

interface LogOptions extends Pick<LogConfig, 'level' | 'format'> {
  readonly stream: NodeJS.WritableStream;
  /** Takes out of finished lines those secrets that do not look like one. */
  readonly clean?: (lines: string) => string;
}

/**
 * Structured logging over winston: a JSON object a line, or a line for people. In every line secrets are redacted, and
 * nothing hides: names of files and what upstreams say are the words of others. A line is finished before winston gets it, with
 * those that waited: its way through winston's streams costs more than the line.
 */
export function createLog(options: LogOptions): Log {
  const { clean = (lines) => lines } = options;
  const lineOf = options.format === 'json' ? jsonLine : prettyLine;
  const logger = createLogger({
    level: options.level,
    format: format.printf(({ message }) => String(message)),
    transports: [new transports.Stream({ stream: options.stream, eol: '\n' })],
  });
  const batch = new LineBatch((lines) => {
    // The level that always passes: each of the lines has one of its own.
    logger.log({ level: 'error', message: clean(lines) });
  });
  return bind({ isEnabled: (level) => logger.isLevelEnabled(level), lineOf, batch }, undefined);
}

interface Sink {
  readonly isEnabled: (level: LogConfig['level']) => boolean;
  readonly lineOf: (entry: LogEntry) => string;
  readonly batch: LineBatch;
}

/** Bound fields are kept here and not in a winston child: making one costs more than writing the line. */
function bind(sink: Sink, bound: LogFields | undefined): Log {
  const { isEnabled, lineOf, batch } = sink;
  const { write, writeSoon } = batch;
  const to = (write: (line: string) => void, level: LogConfig['level']): Log['info'] => {
    if (!isEnabled(level)) return () => undefined;
    return (message, given = {}) => {
      const fields = bound === undefined ? given : { ...bound, ...given };
      write(lineOf({ time: new Date(), level, message, fields }));
    };
  };
  return {
    debug: to(write, 'debug'),
    info: to(write, 'info'),
    infoSoon: to(writeSoon, 'info'),
    warn: to(write, 'warn'),
    error: to(write, 'error'),
    child: (fields) => bind(sink, { ...bound, ...fields }),
  };
}
