import { createLogger, format, transports, type Logger } from 'winston';
import type { Log, LogFields } from '../../kernel/log.ts';
import { visibleJson, visibleLine } from '../../kernel/visible-text.ts';
import { redact, redactValue } from './redact.ts';

export interface LogConfig {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'json' | 'pretty';
  readonly access: boolean;
}

interface LogOptions extends Pick<LogConfig, 'level' | 'format'> {
  readonly stream: NodeJS.WritableStream;
  /** Takes out of a finished line those secrets that do not look like one. */
  readonly clean?: (line: string) => string;
}

/**
 * Structured logging over winston: a JSON object a line, or a line for people. In every line secrets are redacted, and
 * nothing hides: names of files and what upstreams say are the words of others.
 */
export function createLog(options: LogOptions): Log {
  const { clean = (line) => line } = options;
  const lineOf = options.format === 'json' ? jsonLine : prettyLine;
  const logger = createLogger({
    level: options.level,
    format: format.printf((info) => clean(lineOf(info))),
    transports: [new transports.Stream({ stream: options.stream, eol: '\n' })],
  });
  return bind(logger, {});
}

/** Bound fields are kept here and not in a winston child: making one costs more than writing the line. */
function bind(logger: Logger, bound: LogFields): Log {
  const write = (level: LogConfig['level']) => (message: string, fields?: LogFields) => {
    if (!logger.isLevelEnabled(level)) return;
    const clean = redactValue({ ...bound, ...fields });
    logger.log({ level, message: redact(message), fields: clean as LogFields });
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => bind(logger, { ...bound, ...fields }),
  };
}

interface Line {
  readonly level: string;
  readonly message: unknown;
  readonly fields?: LogFields;
}

function jsonLine({ level, message, fields }: Line): string {
  return visibleJson(JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }));
}

function prettyLine({ level, message, fields = {} }: Line): string {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const time = new Date().toTimeString().slice(0, 8);
  return visibleLine(
    `${time} ${level.padEnd(5)} ${String(message)}${rest === '' ? '' : `  ${rest}`}`,
    Infinity,
  );
}
