import type { LogFields } from '../../kernel/log.ts';
import { visibleJson, visibleLine } from '../../kernel/visible-text.ts';
import { isPlainValue, isSecretName, maxEntries, mayHoldSecret, redact, redactValue } from './redact.ts';

/** What a line of the log tells. */
export interface LogEntry {
  readonly time: Date;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly fields: LogFields;
}

/** The line as a JSON object: secrets are redacted, and nothing hides. */
export function jsonLine(entry: LogEntry): string {
  // No hint of a secret has a character that JSON escapes, so the whole line tells whether one of its texts has one.
  const line = plainLine(entry);
  return visibleJson(line === undefined || mayHoldSecret(line) ? redactedLine(entry) : line);
}

/** The line as it is without a secret in it; `undefined` where more has to be done than to write its fields. */
function plainLine({ time, level, message, fields }: LogEntry): string | undefined {
  if (typeof message !== 'string' || !isPlain(fields)) return undefined;
  const head = `{"time":"${time.toISOString()}","level":"${level}","message":${JSON.stringify(message)}`;
  const rest = JSON.stringify(fields);
  if (!rest.startsWith('{')) return undefined;
  return rest === '{}' ? `${head}}` : `${head},${rest.slice(1)}`;
}

function isPlain(fields: LogFields): boolean {
  const names = Object.keys(fields);
  if (names.length > maxEntries || 'toJSON' in fields) return false;
  return names.every((name) => isPlainName(name) && isPlainValue(fields[name]));
}

/** Names of fields that were found to be plain: there are as many as the code has. */
const plainNames = new Set<string>();
/** Some fields are named by others. */
const mostNames = 1_000;
const headNames = new Set(['time', 'level', 'message']);

/** Whether a field of that name stands behind the head of its line, and with its value: numbers come before all other names. */
function isPlainName(name: string): boolean {
  if (plainNames.has(name)) return true;
  const isPlainOne = !headNames.has(name) && !/^\d/.test(name) && !isSecretName(name);
  if (isPlainOne && plainNames.size < mostNames && name.length < 40) plainNames.add(name);
  return isPlainOne;
}

function redactedLine({ time, level, message, fields }: LogEntry): string {
  const redacted = redactValue({ ...fields }) as LogFields;
  return JSON.stringify({ time: time.toISOString(), level, message: redact(message), ...redacted });
}

/** The line for people, with the same promises. */
export function prettyLine({ time, level, message, fields }: LogEntry): string {
  const rest = Object.entries(redactValue({ ...fields }) as LogFields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const clock = time.toTimeString().slice(0, 8);
  return visibleLine(
    `${clock} ${level.padEnd(5)} ${redact(message)}${rest === '' ? '' : `  ${rest}`}`,
    Infinity,
  );
}
