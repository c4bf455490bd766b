import { isJsonObject } from '../kernel/json-object.ts';
import { closestName } from '../platform/config/closest-name.ts';
import { ConfigError } from '../platform/config/config-error.ts';
import { appOptions } from '../platform/config/settings-place.ts';
import type { CodexPlusOptions } from './codex-plus-options.ts';

/** What each option has to be, and how to know it. */
const options: Readonly<
  Record<keyof CodexPlusOptions, readonly [what: string, is: (value: unknown) => boolean]>
> = {
  path: ['a text', isText],
  settings: ['an object with the members of codex_plus.json', isJsonObject],
  env: ['an object with variables, like process.env', isJsonObject],
  homeDir: ['a text', isText],
  log: ['an object with the functions debug, info, warn, error and child', isLog],
};

const names = Object.keys(options);

/** Throws a ConfigError with every option that there is not, or that is something else than it has to be. */
export function checkOptions(given: CodexPlusOptions): void {
  const all: unknown = given;
  if (!isJsonObject(all))
    throw new ConfigError([{ source: appOptions, path: '', reason: 'have to be an object' }]);
  const faults = Object.entries(given).flatMap(([path, value]) => {
    const reason = reasonAgainst(path, value);
    return reason === undefined ? [] : [{ source: appOptions, path, reason }];
  });
  if (faults.length > 0) throw new ConfigError(faults);
}

function reasonAgainst(name: string, value: unknown): string | undefined {
  if (!isOption(name)) {
    const near = closestName(name, names);
    return near === undefined
      ? `is not an option; there are ${names.join(', ')}`
      : `is not an option; did you mean "${near}"?`;
  }
  const [what, is] = options[name];
  return value === undefined || is(value) ? undefined : `has to be ${what}`;
}

function isOption(name: string): name is keyof CodexPlusOptions {
  return Object.hasOwn(options, name);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isLog(value: unknown): boolean {
  const levels = ['debug', 'info', 'warn', 'error', 'child'];
  return (
    typeof value === 'object' &&
    value !== null &&
    levels.every((level) => typeof (value as Readonly<Record<string, unknown>>)[level] === 'function')
  );
}
