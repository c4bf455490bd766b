import { stripVTControlCharacters } from 'node:util';
import type { Log, LogFields } from '../../kernel/log.ts';

export interface LitellmLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
  readonly stack: string | undefined;
}

const levels: Readonly<Record<string, LitellmLine['level']>> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'error',
};

/** Of use only with LiteLLM's administration pages, and written at every start. */
const knownNoise = 'trusted_proxy_ranges is not set';

/** Reads a line of LiteLLM's output; `undefined` for empty lines, the banner and other decoration. */
export function readLitellmLine(line: string, stream: 'stdout' | 'stderr'): LitellmLine | undefined {
  const record = parseRecord(line);
  if (record === undefined) {
    const message = stripVTControlCharacters(line).trimEnd();
    // Lines for people have letters; the rest draws the banner.
    if (!/[a-z]/i.test(message)) return undefined;
    return { level: stream === 'stderr' ? 'warn' : 'debug', message, fields: {}, stack: undefined };
  }
  const { message: text, level, component, litellm_call_id: id, stacktrace } = record;
  const told = stripVTControlCharacters(typeof text === 'string' ? text : JSON.stringify(text));
  if (told.startsWith(knownNoise)) return undefined;
  const isTrace = told.startsWith('Traceback');
  return {
    level: levels[String(level)] ?? 'info',
    message: isTrace ? headline(told) : told,
    fields: {
      ...(typeof component === 'string' ? { component } : {}),
      // The id that the middleware gave to the request: one id through both tiers.
      ...(typeof id === 'string' ? { id } : {}),
    },
    stack: isTrace ? told : typeof stacktrace === 'string' ? stacktrace : undefined,
  };
}

/** Puts a line into our log; the stack goes a level lower, since the line above says what happened. */
export function logLitellmLine({ level, message, fields, stack }: LitellmLine, log: Log): void {
  log[level](message, fields);
  if (stack !== undefined) log.debug('the stack of the line above', { ...fields, stack });
}

/** The sentence of an error: the first line, but of a Python trace the last, which names the error. */
export function headline(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const isTrace = lines[0]?.startsWith('Traceback') ?? false;
  return (isTrace ? lines.at(-1) : lines[0])?.trim() ?? '';
}

function parseRecord(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'message' in value && 'level' in value
      ? { ...value }
      : undefined;
  } catch {
    // Some library's own line that only looks like a record: it is passed on as text.
    return undefined;
  }
}
