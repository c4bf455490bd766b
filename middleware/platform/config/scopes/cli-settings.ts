import { type JsonObject } from '../../../kernel/json-object.ts';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { codeOf } from '../../../kernel/errors.ts';
import { ConfigError } from '../config-error.ts';
import type { FileFault } from './files/config-problem.ts';
import { readSettings } from './read-settings.ts';

/** What one `--settings` gave: a file, or the settings themselves. */
export interface CliSettings {
  /** Absolute path of the file, or `command line`. */
  readonly file: string;
  readonly inline: JsonObject | undefined;
}

/**
 * The values of `--settings`, each JSON text or the path of a file. Throws a ConfigError for what is broken or missing:
 * who starts with settings means to run with them.
 */
export function readCliSettings(values: readonly string[]): readonly CliSettings[] {
  return values.map((value) => {
    if (value.trimStart().startsWith('{')) {
      return { file: 'command line', inline: checked(Buffer.from(value), '--settings') };
    }
    const file = resolve(value);
    checked(bytesOf(file), file);
    return { file, inline: undefined };
  });
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? 'is missing' : 'cannot be read';
    throw new ConfigError([{ source: file, path: '', reason }]);
  }
}

function checked(bytes: Buffer, source: string): JsonObject {
  const parsed = readSettings(bytes);
  const faults = parsed.kind === 'broken' ? [parsed.fault] : parsed.faults;
  if (parsed.kind === 'broken' || faults.length > 0) {
    throw new ConfigError(faults.map((fault) => ({ source, path: fault.path, reason: reasonOf(fault) })));
  }
  return parsed.value;
}

function reasonOf({ line, column, reason }: FileFault): string {
  return line === undefined ? reason : `line ${line}, column ${column ?? 1}: ${reason}`;
}
